"""Fragments of a page, cached in each process by all that they show (decision 5)."""

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def cached_fragment(template: str, **shown: Hashable) -> SafeString:
    """The template's HTML, rendered once for these values in the page's language.

    `shown` must be everything that the template reads. Values are compared by what they
    say, so a changed value is another key and nothing is out of date.
    """
    return _html(template, get_language(), **shown)


@lru_cache(maxsize=1000)
def _html(template, language, **shown):
    return mark_safe(render_to_string(template, shown))
