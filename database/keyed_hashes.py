"""Hashes under the secret key, for rows that must not tell what they stand for.

Without the key, nobody can try out which text gives which hash, or find two texts with
the same hash. The hash is BLAKE2, which takes a key by itself: signing makes eleven.
"""

from functools import lru_cache
from hashlib import blake2b, sha256

from django.conf import settings


def keyed_hash(purpose: str, text: str, *, key: str = "") -> bytes:
    """The hash of a text, 32 bytes.

    For two purposes, a text has two hashes that have nothing in common. `key` is a
    former secret key; without it, the present one is used.
    """
    hashing = _keyed(purpose, key or settings.SECRET_KEY).copy()
    hashing.update(text.encode())
    return hashing.digest()


@lru_cache(maxsize=100)
def _keyed(purpose, secret):
    # A key of BLAKE2 has no more than 64 bytes.
    key = sha256(f"{purpose}{secret}".encode()).digest()
    return blake2b(key=key, digest_size=32)
