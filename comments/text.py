"""Turns a comment's plain text into HTML."""

import re

from django.utils.html import Urlizer, escape
from django.utils.safestring import mark_safe

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class _Links(Urlizer):
    # The link tells search engines that we do not vouch for it, so that spam gains
    # nothing (Google Search Central, "Qualify your outbound links").
    url_template = '<a href="{href}" rel="ugc nofollow noopener"{attrs}>{url}</a>'

    def handle_word(self, word, *, safe_input, **kwargs):
        # Only a word that looks like a web address: "Mayor.Please" lacks a space.
        if _LINK.search(word):
            return super().handle_word(word, safe_input=safe_input, **kwargs)
        return escape(word)


_links = _Links()


def as_html(text):
    """Paragraphs and line breaks, links for web addresses, everything else as typed.

    Each paragraph finds its own direction, for texts that mix scripts (HTML, dir=auto).
    """
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return mark_safe(
        "".join(
            f'<p dir="auto">{_lines(paragraph)}</p>'
            for paragraph in paragraphs
            if paragraph
        )
    )


def initials(name):
    """One or two letters of a name; a question mark when it has none."""
    words = ["".join(filter(str.isalnum, word)) for word in name.split()]
    words = [word for word in words if word]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper() if words[0].isupper() else words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


def for_xml(text):
    """The text without what no XML document can hold (XML 1.0, 2.2)."""
    return _NOT_XML.sub("", text)


def _lines(paragraph):
    linked = _links(paragraph, trim_url_limit=60, nofollow=False, autoescape=True)
    return linked.strip().replace("\n", "<br>")
