"""Fragments of a page, cached in each process by all that they show (decision 5).

They help readers who wait while the action page is rendered anew, and the machine at a
viral peak: without them it costs 2.4 times as much, and it just meets its aim of 8.5 ms
(`bench/run.py`, “Uncached page”). Only fragments that matter for that aim are cached:
the empty forms, comments, and small pieces that matter together (decision 5 has the
figures).
"""

from collections.abc import Callable, Hashable, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def cached_fragment(
    template: str,
    *,
    by: Hashable = (),
    made: Callable[[], Mapping[str, Any]] = dict,
    **shown: Hashable,
) -> SafeString:
    """The template's HTML, rendered once for these values in the page's language.

    The template gets `shown`, and what `made()` returns: costly things, like an empty
    form, that follow from `shown` and `by` alone. Values are compared by what they
    say, so that a changed one is another key and nothing is out of date.
    """
    others = (each() for each in _by_also)
    fragment = _Fragment((template, get_language(), by, *others, *shown.items()))
    fragment.context = lambda: {**shown, **made()}
    return _html(fragment)


def by_also(value: Callable[[], Hashable]) -> None:
    """Let all fragments depend on this value, too: it is in none of what they show."""
    _by_also.append(value)


_by_also: list[Callable[[], Hashable]] = []


def values_of(*rows: Model) -> tuple:
    """All that these rows hold, as a key: it contains all that a template reads."""
    return tuple(_fields_of(type(row))(row) for row in rows)


@cache
def _fields_of(model):
    return attrgetter(*(field.attname for field in model._meta.concrete_fields))


class _Fragment(tuple[Hashable, ...]):
    """All that a fragment shows; equal to one that shows the same."""

    context: Callable[[], dict[str, Any]]


@lru_cache(maxsize=2000)
def _html(fragment):
    template, *_shown = fragment
    return mark_safe(render_to_string(template, fragment.context()))
