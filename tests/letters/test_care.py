import re

import pytest
from django.conf import settings

from letters.writing.private_details import KINDS, noticed
from tests.letters.care_examples import LEFT_ALONE, NOTICED, PHONE

NAMES = [what for _pattern, what in KINDS.values()]


@pytest.mark.parametrize(("text", "found"), NOTICED)
def test_what_looks_private_is_noticed(text, found):
    assert noticed(text) == [(NAMES[kind], words) for kind, words in found]


@pytest.mark.parametrize("text", LEFT_ALONE, ids=lambda text: text[:30] or "nothing")
def test_what_only_looks_a_little_like_it_is_left_alone(text):
    assert noticed(text) == []


def test_what_the_campaign_wrote_is_not_held_against_the_writer():
    text, [(_kind, words)] = NOTICED[0]

    assert noticed(text, known=f"The mayor: {words}") == []
    both = noticed(f"{text} or 555-765-4321", known=words)
    assert both == [(NAMES[PHONE], "555-765-4321")]


def test_the_browser_looks_by_the_same_patterns():
    script = (settings.ROOT / "static/js/letter.js").read_text()

    patterns = re.findall(r"^  /(.*)/g, // (\w+)$", script, re.M)

    assert patterns == [(source, name) for name, (source, _what) in KINDS.items()]
