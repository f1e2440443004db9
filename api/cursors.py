"""Where a list goes on: after which row, as a text that nobody else can make.

Rows that come or go meanwhile neither repeat nor hide others, and no page costs more
than the first one.
"""

from django.core import signing

# The page cache knows addresses without their query, so that each page has a path.
A_PAGE = 25
SCHEMA = {"type": "string", "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$"}


class NoCursor(Exception):
    """The text is not from us, or from another list."""


def cursor_at(place, of_list):
    """What leads to a place in a list, which can be anything that JSON holds.

    The same place gives the same text.
    """
    return _signer(of_list).sign_object(place)


def place_in(cursor, of_list):
    """Where a list goes on. Raises NoCursor."""
    try:
        return _signer(of_list).unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError):
        raise NoCursor from None


def _signer(of_list):
    return signing.Signer(salt=f"api.cursors {of_list}", sep=".")
