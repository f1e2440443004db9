"""Divides texts into lines of words, so that they can be compared word by word.

A line is a tuple of words. That of a heading, of a list and the like begins with a word
that says what it is.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.translation import gettext

# Chinese and Japanese write no spaces, so there each character is a word.
_WORD = re.compile(
    r"\s*(?:[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\S)\s*|\s+"
)
# The style of a word that says what its line is.
KIND = "kind"
_MARKS = {"strong": "b", "b": "b", "em": "i", "i": "i"}
_NOTHING = frozenset()


@dataclass(frozen=True)
class Word:
    """A word or a sign, its style (b, i or KIND), and its text with spaces around it.

    Words that differ in these spaces alone are the same.
    """

    said: str
    marks: frozenset
    text: str = field(compare=False)


def words(text, marks=_NOTHING):
    return tuple(Word(found.strip(), marks, found) for found in _WORD.findall(text))


def kind(label):
    """The word that says what its line is."""
    return Word(label, frozenset([KIND]), f"{label}: ")


def lines(text):
    """The lines of a plain text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [words(line) for line in text.split("\n")] if text else []


def rich_lines(html):
    """The paragraphs, headings and list entries of a rich text, each with its kind."""
    parser = _Rich()
    parser.feed(html)
    parser.close()
    parser.end_line()
    return parser.found


class _Rich(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.words, self.open = [], [], []
        self.href = None

    def handle_starttag(self, tag, attributes):
        if tag == "br":
            self.end_line()
        elif tag == "a":
            self.href = dict(attributes).get("href")
        elif tag not in _MARKS:
            self.end_line()
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "a" and self.href:
            self.words += words(f" ({self.href})")
            self.href = None
        elif tag not in _MARKS and tag != "a":
            self.end_line()
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag)]

    def handle_data(self, data):
        marks = frozenset(_MARKS[tag] for tag in self.open if tag in _MARKS)
        self.words += words(re.sub(r"\s+", " ", data), marks)

    def end_line(self):
        if any(word.said for word in self.words):
            self.found.append((*self._kind(), *self.words))
        self.words = []

    def _kind(self):
        names = {
            "h2": gettext("Heading"),
            "h3": gettext("Smaller heading"),
            "ol": gettext("Numbered"),
            "ul": gettext("List item"),
            "blockquote": gettext("Quotation"),
        }
        return [kind(names[tag]) for tag in reversed(self.open) if tag in names][:1]
