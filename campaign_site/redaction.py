"""Taking an address that was erased out of what other people wrote."""

import re

# What stands where something was left out, in any language.
OMISSION = "[…]"


def without_address(text, email):
    """The text with a mark where this very address stands, in capitals or not."""
    whole = rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)"
    return re.sub(whole, OMISSION, text, flags=re.IGNORECASE)


def take_out_address(rows, email, *fields):
    """The same in these fields of all these rows; returns how many had it."""
    number = 0
    for field in fields:
        for row in rows.filter(**{f"{field}__icontains": email}):
            text = without_address(getattr(row, field), email)
            number += type(row).objects.filter(pk=row.pk).update(**{field: text})
    return number
