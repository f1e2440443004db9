"""What no template holds: scripts and styles that our CSP refuses, and words that
cannot be translated."""

import re
from html.parser import HTMLParser

import pytest
from django.template.base import Lexer, TokenType

from tests.test_architecture import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = {
    path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(FOLDER.rglob("*"))
    if path.is_file()
}
# Mails are read in mail programs, which know no other styles; a downloaded page has to
# be one file.
PAGES = {
    name: text
    for name, text in TEMPLATES.items()
    if name.endswith(".html") and not name.startswith(("emails/", "downloads/"))
}
# Lines for other websites, which do not have our stylesheet.
FOR_OTHERS = {"campaigns/_frame.html", "campaigns/embed.html"}
BRANDS = {
    *("WhatsApp", "KakaoTalk", "LINE", "Telegram", "Facebook", "X"),
    *("Gmail", "Outlook", "Yahoo Mail"),
}
# What a screen reader, a tooltip or a copy shows as text.
READ_ALOUD = {"alt", "aria-label", "placeholder", "title"}
TRANSLATES = ("blocktranslate", "blocktrans", "comment")
# Blocks that fill an attribute, with words for programs.
FOR_PROGRAMS = (
    *("block og_type", "block body_class", "block bodyclass"),
    "partialdef further_data",
)


class Reader(HTMLParser):
    """Collects what is inline, and the words, of a template without its tags."""

    def __init__(self, text):
        super().__init__()
        self.inline, self.words, self.skips = [], [], False
        self.feed(without_tags(text))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.skips = tag in ("style", "script")
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(f"<{tag}>")
        self.inline += [a for a in found if a == "style" or a.startswith("on")]
        self.inline += [
            v for v in found.values() if (v or "").startswith("javascript:")
        ]
        self.words += [found[name] or "" for name in READ_ALOUD & set(found)]

    def handle_endtag(self, tag):
        self.skips = False

    def handle_data(self, data):
        if not self.skips:
            self.words.append(data)

    @property
    def untranslated(self):
        words = {" ".join(text.split()) for text in self.words} - BRANDS
        return sorted(text for text in words if re.search(r"[^\W\d_]", text))


def without_tags(text):
    """A template's own text: no variables, tags, comments or translated blocks."""
    kept, inside = [], None
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if inside is None and (
                name in TRANSLATES or token.contents in FOR_PROGRAMS
            ):
                inside = name
            elif name == f"end{inside}":
                inside = None
        elif token.token_type == TokenType.TEXT and inside is None:
            kept.append(token.contents)
    return "".join(kept)


def test_no_page_has_an_inline_script_or_style():
    pages = {name: text for name, text in PAGES.items() if name not in FOR_OTHERS}
    found = {name: Reader(text).inline for name, text in pages.items()}

    assert len(found) > 200
    assert {name: inline for name, inline in found.items() if inline} == {}


def test_every_word_of_every_template_can_be_translated():
    pages = {name: t for name, t in TEMPLATES.items() if name.endswith(".html")}
    found = {name: Reader(text).untranslated for name, text in pages.items()}

    assert len(found) > 200
    assert {name: words for name, words in found.items() if words} == {}


def test_every_word_of_every_text_mail_can_be_translated():
    mails = {name: t for name, t in TEMPLATES.items() if name.startswith("emails/")}
    texts = {name: t for name, t in mails.items() if name.endswith(".txt")}

    assert len(texts) > 20
    assert [
        name
        for name, text in texts.items()
        if re.search(r"[^\W\d_]", without_tags(text))
    ] == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("<script>alert(1)</script>", ["<script>"]),
        ("<style>p { color: red }</style>", ["<style>"]),
        ('<p style="color: red">', ["style"]),
        ('<button onclick="go()" {% if a %}disabled{% endif %}>', ["onclick"]),
        ('<a href="javascript:go()">', ["javascript:go()"]),
        ('<script type="module" src="{% static "js/main.js" %}"></script>', []),
    ],
)
def test_planted_code_is_found(planted, found):
    assert Reader(planted).inline == found


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("<p>Sign <b>now</b></p>", ["Sign", "now"]),
        ('<img src="a.png" alt="A dog">', ["A dog"]),
        ("{% blocktranslate %}Sign{% endblocktranslate %} now", ["now"]),
        ("{# words #}{% comment %}words{% endcomment %}{{ words }}", []),
        ('<h2>{% translate "Sign" %}</h2> – 1. <a>Facebook</a>', []),
    ],
)
def test_planted_words_are_found(planted, found):
    assert Reader(planted).untranslated == found
