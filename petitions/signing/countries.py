"""The <option>s of the country field, rendered once a language.

A country <select> rendered by Django for each form was 50 of 71 ms of a page.
"""

from functools import lru_cache

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django_countries import countries


def country_options(chosen=""):
    """The options in the page's language, with the chosen one selected."""
    options = _options(translation.get_language())
    if not chosen:
        return options
    # One replacement in a known text; the code was checked against the list.
    return mark_safe(
        options.replace(
            format_html('<option value="{}">', chosen),
            format_html('<option value="{}" selected>', chosen),
            1,
        )
    )


@lru_cache
def codes():
    return frozenset(code for code, _name in countries)


@lru_cache
def _options(language):
    with translation.override(language):
        return format_html_join(
            "", '<option value="{}">{}</option>', ((c.code, c.name) for c in countries)
        )
