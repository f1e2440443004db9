"""The audit trail calls each page and button of the staff site what people call it."""

import re
from pathlib import Path

from django.contrib import admin

from staff.audit.admin import words_of
from staff.audit.trail import is_audited, page_word
from staff.audit.words import WORDS

BUTTON = re.compile(r'name="(?:decision|action)" value="([\w-]+)"')


def pages():
    """The word by which the trail stores each page of an admin, with its model."""
    for model, own in admin.site._registry.items():
        label = model._meta.label_lower
        for page in own.get_urls():
            if page.name:
                yield page_word(page.name, label), label


def buttons():
    for path in Path("templates/admin").rglob("*.html"):
        yield from BUTTON.findall(path.read_text())


def test_each_page_and_button_has_words():
    found = [
        pair for pair in pages() if pair[0] != "changelist" and is_audited(pair[1])
    ]
    unnamed = [pair for pair in found if str(words_of(*pair)).lower() in pair[0]]

    assert len(found) > 100
    assert [pair for pair in unnamed if pair[0] not in WORDS] == []
    assert set(buttons()) <= set(WORDS)
