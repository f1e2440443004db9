"""What the story's editor needs of the browser, under our content security policy."""

import base64
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

from django.conf import settings
from django.utils.csp import CSP
from django_prose_editor.widgets import importmap

EDITOR = "django_prose_editor"


@cache
def editor_csp():
    """The site's policy, with the hashes of what the editor writes into the page.

    These are an import map, the one inline script of the page, and the rules of its
    text, the one inline style (CSP level 3). A hash allows exactly these words, so that
    nothing else gains by it.
    """
    [map_of_imports] = re.findall(
        r"<script[^>]*>(.*?)</script>", str(importmap), re.DOTALL
    )
    script = files(EDITOR) / f"static/{EDITOR}/editor.js"
    [rules] = re.findall(r"`(\.ProseMirror \{[^`\\]*)`", script.read_text("utf-8"))
    return settings.SECURE_CSP | {
        "script-src": [CSP.SELF, _hash_of(map_of_imports)],
        "style-src": [CSP.SELF, _hash_of(rules)],
    }


def _hash_of(words):
    digest = base64.b64encode(sha256(words.encode()).digest()).decode()
    return f"'sha256-{digest}'"
