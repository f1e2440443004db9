"""bin/writing.py finds what docs/writing.md forbids."""

import re
import sys

import pytest

from tests.test_architecture import ROOT

sys.path.append(str(ROOT / "bin"))

import writing


def rules_broken(text, words=()):
    return [rule for rule, _part in writing.faults(text, dict(words))]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It takes two minutes.", "a number as a word; write the figure"),
        ("Twelve people have signed.", "a number as a word; write the figure"),
        ("Who has signed gets an email.", "begins with “Who”"),
        ("Is there no answer by then, you can write again.", "an inverted condition"),
        ("It ends at 12:00 UTC.", "a bare UTC"),
        (" ".join(["word"] * 21), "21 words, at most 20"),
    ],
)
def test_a_turn_that_is_forbidden_is_found(text, rule):
    assert rule in rules_broken(text)


def test_figures_and_the_words_one_once_and_half_pass():
    text = (
        "One of us waits half a minute. It works once, for 2 weeks. We count it twice."
    )

    assert rules_broken(text) == []


def test_what_only_staff_call_it_is_refused_where_others_read():
    words = writing.for_staff_alone()

    assert words["thread"] == "comments (the glossary)"
    assert rules_broken("We keep its place in the thread.", words)
    assert not rules_broken("We keep its place among the comments.", words)


def test_a_text_of_a_page_is_public_and_one_of_the_desk_or_of_python_may_not_be():
    writing.messages.use_settings()
    public = {place.partition(":")[0]: public for place, _, public in writing.texts()}

    assert public["templates/comments/writer.html"] is True
    assert public["templates/admin/comments/_decisions.html"] is False
    assert public["comments/models/thread.py"] is False


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ('<a href="/" class="button quiet">{% translate "To it" %}</a>', "To it"),
        (
            "<a{% if x > 1 %} id='x'{% endif %} class=\"button\">"
            '{% translate "All of it" context "b" %}</a>',
            "All of it",
        ),
        ('<button type="submit">{% translate "OK" %}</button>', "OK"),
        (
            "<button>{% blocktranslate trimmed with a=b %}\n  New {{ a }}\n"
            "{% endblocktranslate %}</button>",
            "New {{ a }}",
        ),
        ('{% translate "Passed" as button %}', "Passed"),
    ],
)
def test_a_button_is_found_with_what_it_says(template, says):
    assert list(writing.buttons("<p>\n" + template)) == [(2, says)]
    assert not writing.beginnings_of_buttons().match(says)


def test_a_link_and_the_hidden_part_of_a_button_are_no_label():
    hidden = '<span class="visually-hidden">{% translate "The city" %}</span>'

    assert list(writing.buttons('<a href="/">{% translate "The city" %}</a>')) == []
    assert list(writing.buttons(f"<button>{hidden}</button>")) == []


def test_each_button_of_a_public_page_begins_as_the_document_says():
    begins = writing.beginnings_of_buttons()

    for label in ("See the count", "Yes, delete it", "I no longer agree", "Newer"):
        assert begins.match(label)
    assert not re.match(begins, "Seed")
    assert list(writing.buttons_without_a_verb()) == []
