"""What is left in English on a page or in a mail that speaks a pseudo-language."""

import html
import re
from html.parser import HTMLParser

from django.apps import apps
from django.conf import settings
from django.db import models

# Attributes that people read or hear, or that a script shows; and those of scripts.
READ = re.compile(r"^(?:title|alt|aria-label|placeholder|label|data-.*)$")
FOR_SCRIPTS = re.compile(
    r"^data-(?:in|out|link|key|screen|titles|suffixes|family-name-first|url|away|copy|form|from|field)"
)
UNREAD = {"code", "kbd", "script", "style", "svg", "template"}
UNREAD_META = {
    "color-scheme",
    "supported-color-schemes",
    "og:locale",
    "og:type",
    "referrer",
    "robots",
    "theme-color",
    "twitter:card",
    "viewport",
}
WORD = re.compile(r"[A-Za-z]{2,}(?:[’'-][A-Za-z]+)*")
ADDRESS = re.compile(r"https?:\S+|/[\w/.-]+|\S+@\S+|[\w-]+(?:\.[\w-]+)+|#\S+")
# Names are the same in each language.
NAMES = """
    Bluesky Facebook Gmail GMX KakaoTalk LINE Mastodon Outlook Telegram WhatsApp Yahoo
    iCloud CSV HTML JSON PDF RSS
"""
# CLDR says it between the last names of a list, and has no pseudo-language.
IN_LISTS = "and"
# Words in brackets stand in a letter until they are replaced; they are its campaign's.
IN_A_LETTER = re.compile(r"\[[\w &/]+\]")


class _Texts(HTMLParser):
    """The texts of a page, each as one string, attributes included."""

    def __init__(self, page):
        super().__init__()
        self.found, self.unread, self.is_code = [], 0, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        named = {name: value or "" for name, value in attributes}
        self.is_code = named.get("translate") == "no"
        self.unread += tag in UNREAD
        for name, value in named.items():
            if READ.match(name) and not FOR_SCRIPTS.match(name):
                self.found.append(value)
        if tag == "meta" and not UNREAD_META & {*named.values()}:
            self.found.append(named.get("content", ""))
        if tag == "input" and named.get("type") == "submit":
            self.found.append(named.get("value", ""))

    def handle_endtag(self, tag):
        self.unread -= tag in UNREAD
        self.is_code = False

    def handle_data(self, data):
        if not self.unread and not self.is_code:
            self.found.append(data)


def texts_of(page):
    """What people read or hear of a page."""
    return {" ".join(text.split()) for text in _Texts(page).found if text.strip()}


def typed(*more):
    """A pattern of what people typed: what stands in the database, and more."""
    found = {
        settings.CONTROLLER,
        settings.SITE_NAME,
        "Yahoo Mail",
        *NAMES.split(),
        IN_LISTS,
        *more,
    }
    for model in apps.get_models():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField))
        ]
        for row in model._default_manager.values_list(*columns) if columns else ():
            for value in filter(None, row):
                parts = re.split(r"<[^>]+>|\n+", html.unescape(str(value)))
                found |= {" ".join(part.split()) for part in [value, *parts]}
    found |= {" ".join(ADDRESS.sub(" ", each).split()) for each in found}
    words = sorted(filter(WORD.search, found), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.I)


def english(texts, typed):
    """The words of each text that are neither translated nor typed by somebody."""
    left = []
    for text in sorted(texts):
        rest = typed.sub(" ", IN_A_LETTER.sub(" ", ADDRESS.sub(" ", text)))
        if words := WORD.findall(rest):
            left.append(f"{' '.join(words)}: {text[:200]}")
    return left


def of_programs(text):
    """What a program left: times such as “16:13 UTC”, and a mailto: to nobody."""
    return re.findall(r"\d\d:\d\d(?::\d\d)? UTC|href=\"mailto:\"", text)


def of_the_desk(texts):
    """The texts that visitors read, and that are translated with the desk alone."""
    return [text[:200] for text in sorted(texts) if "⟪" in text]
