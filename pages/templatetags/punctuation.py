"""What stands between, behind or around the texts of a page, as its language writes it.

In all templates: a colon in French has a space before it, and Japanese signs have none
after them.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it says."""
    # Translators: only the signs and spaces between the two are used.
    said = pgettext("between a label and what it says", "%(label)s: %(value)s")
    return said % {"label": "", "value": ""}


@register.simple_tag
def comma() -> str:
    """What stands between two things in a row."""
    # Translators: only the signs and spaces between the two are used.
    said = pgettext("between two things in a row", "%(one)s, %(next)s")
    return said % {"one": "", "next": ""}


@register.simple_tag
def stop() -> str:
    """The end of a sentence that is put on a page without one."""
    return pgettext("the end of a sentence", "%(words)s.") % {"words": ""}


@register.filter
def in_sentence(label: str) -> str:
    """A label as it stands in the middle of a sentence: it begins with no capital.

    For labels that begin with no noun and no name, in whatever language.
    """
    words = str(label)
    return words[:1].lower() + words[1:]


@register.filter
def in_quotes(words: str) -> SafeString:
    """Words of somebody, in the quotation marks of the language."""
    said = pgettext("words of somebody", "“%(words)s”")
    return format_html(said % {"words": "{}"}, words)
