"""Taking an address that was erased out of what other people wrote."""

import re

from django.db.models import Q, QuerySet

# What stands where something was left out, in any language.
OMISSION = "[…]"
# What a column of text, or of JSON, holds.
type Stored = str | int | float | list[Stored] | dict[str, Stored] | None


def without_address(value: Stored, email: str) -> Stored:
    """The text with a mark where this very address stands, in capitals or not.

    Of a list or a dict, all texts in it.
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
    """Rows in which one of these fields may hold the address, in one look."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": email})
    return found


def take_out_address(rows: QuerySet, email: str, *fields: str) -> int:
    """The same in these fields of all these rows; returns how many had it."""
    number = 0
    # Of a row that holds very much besides, the rest is not read.
    for row in rows.filter(containing(email, *fields)).only(*fields):
        before = {field: getattr(row, field) for field in fields}
        after = {field: without_address(before[field], email) for field in fields}
        if after != before:
            number += type(row)._base_manager.filter(pk=row.pk).update(**after)
    return number
