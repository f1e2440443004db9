"""What the story's editor needs of the browser, under our content security policy."""

import base64
import re
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.utils.csp import CSP
from django_prose_editor.widgets import importmap


@cache
def editor_csp():
    """The site's policy, and the editor's import map by its hash (CSP level 3).

    The map is the one inline script of the page. Its hash allows these very words and
    no others, so that nothing else gains by it.
    """
    [words] = re.findall(r"<script[^>]*>(.*?)</script>", str(importmap), re.DOTALL)
    digest = base64.b64encode(sha256(words.encode()).digest()).decode()
    return settings.SECURE_CSP | {"script-src": [CSP.SELF, f"'sha256-{digest}'"]}
