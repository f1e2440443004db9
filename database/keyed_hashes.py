"""Hashes under the secret key, for rows that must not tell what they stand for.

Without the key nobody can try out which text gives which hash, or find two texts that
give the same one.
"""

import hmac
from hashlib import sha256

from django.conf import settings


def keyed_hash(purpose: str, text: str, *, key: str = "") -> bytes:
    """The 32 bytes for a text. Two purposes give it two hashes that say nothing of each
    other. `key` is a former secret key; the present one is taken without it."""
    secret = f"{purpose}{key or settings.SECRET_KEY}"
    return hmac.digest(secret.encode(), text.encode(), sha256)
