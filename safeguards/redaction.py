"""Removes an erased address from what other people wrote."""

import re

from django.db.models import Q, QuerySet

# What stands where something was left out, in any language.
OMISSION = "[…]"
# What a column of text, or of JSON, may hold.
type Stored = str | int | float | list[Stored] | dict[str, Stored] | None


def without_address(value: Stored, email: str) -> Stored:
    """The text with a mark in the place of this exact address, in upper or lower case.

    In a list or a dict, all texts are changed.
    """
    if isinstance(value, dict):
        return {name: without_address(inner, email) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_address(inner, email) for inner in value]
    if not isinstance(value, str):
        return value
    whole = rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)"
    return re.sub(whole, OMISSION, value, flags=re.IGNORECASE)


def containing(email: str, *fields: str) -> Q:
    """The filter for rows in which one of these fields may hold the address."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": email})
    return found


def take_out_address(rows: QuerySet, email: str, *fields: str) -> int:
    """Put the mark into these fields of all rows; returns how many had the address."""
    number = 0
    # The other fields are not read, since a row may hold very much besides.
    for row in rows.filter(containing(email, *fields)).only(*fields):
        before = {field: getattr(row, field) for field in fields}
        after = {field: without_address(before[field], email) for field in fields}
        if after != before:
            number += type(row)._base_manager.filter(pk=row.pk).update(**after)
    return number
