"""Divides texts into lines of words, so that they can be compared word by word.

A line is a tuple of words and of the spaces between them. That of a heading, of a list
and the like begins with a word that says what it is.
"""

import re
from html.parser import HTMLParser

from django.utils.translation import gettext

# Chinese and Japanese write no spaces, so there each character is a word.
_WORD = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\S"
)
_INLINE = {"strong", "b", "em", "i", "a"}


def lines(text):
    """The lines of a plain text."""
    return [tuple(_WORD.findall(line)) for line in text.splitlines()]


def kind(label):
    """The word that says what its line is."""
    return f"{label}: "


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
        self.found, self.text, self.open = [], "", []
        self.href = None

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.href = dict(attributes).get("href")
        elif tag not in _INLINE:
            self.end_line()
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "a" and self.href:
            self.text += f" ({self.href})"
            self.href = None
        elif tag not in _INLINE:
            self.end_line()
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag)]

    def handle_data(self, data):
        self.text += data

    def end_line(self):
        if text := " ".join(self.text.split()):
            self.found.append((*self._kind(), *_WORD.findall(text)))
        self.text = ""

    def _kind(self):
        names = {
            "h2": gettext("Heading"),
            "h3": gettext("Smaller heading"),
            "ol": gettext("Numbered"),
            "ul": gettext("List item"),
            "blockquote": gettext("Quotation"),
        }
        return [kind(names[tag]) for tag in reversed(self.open) if tag in names][:1]
