"""Attributes of HTML elements, in all templates."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pages.scripts import language_of

register = template.Library()


@register.filter(expects_localtime=True)
def iso(moment: datetime | None) -> str:
    """A moment for `<time datetime>`, to the second.

    HTML allows three digits of a second's fraction at most; Django's "c" writes six.
    """
    return moment.isoformat(timespec="seconds") if moment else ""


@register.filter
def content_in(language: str | None) -> SafeString:
    """Attributes of an element with a text that people wrote, in this language.

    A page in another language says so: browsers choose the letters by it, and screen
    readers the voice. The text itself says in which direction it runs.
    """
    if not language or language == get_language():
        return mark_safe(' dir="auto"')
    return format_html(' lang="{}" dir="auto"', language)


@register.filter
def words_in(text: str, language: str | None) -> SafeString:
    """The same for a stranger's own words, which may be in a language of their own.

    `language` is that of the page on which they were written; this page's if empty.
    """
    return content_in(language_of(text, language or get_language() or ""))
