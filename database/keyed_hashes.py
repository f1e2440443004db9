"""Hashes under the secret key, for rows that must not tell what they stand for.

Without the key, nobody can try out which text gives which hash, or find two texts with
the same hash.
"""

import hmac
from hashlib import sha256

from django.conf import settings


def keyed_hash(purpose: str, text: str, *, key: str = "") -> bytes:
    """The hash of a text, 32 bytes.

    For two purposes, a text has two hashes that have nothing in common. `key` is a
    former secret key; without it, the present one is used.
    """
    secret = f"{purpose}{key or settings.SECRET_KEY}"
    return hmac.digest(secret.encode(), text.encode(), sha256)
