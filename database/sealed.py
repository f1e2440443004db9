"""Numbers that a reader holds and cannot read, such as the key of a row in a token.

Keys count up. In a token or cookie that is only signed, anybody reads how many acts
the site has had. It is AES, on one block: what is sealed is also signed where it is
used.
"""

import base64
import binascii
import struct
from enum import IntEnum
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from database.keyed_hashes import keyed_hash

# A number of a row, its mark, and zeros that tell which secret key it was.
_BLOCK = struct.Struct(">QII")
# No digit begins what is sealed, or SpamAssassin takes it for a wallet (PDS_BTC_ID).
_FIRST = "k"


class Of(IntEnum):
    """Whose number it is. What is sealed of one kind names nothing of another."""

    MAIL = 1
    DELIVERY = 3
    SIGNATURE = 4
    SUPPORTER = 5
    ROW = 6
    USER = 7


def seal(number: int, mark: int) -> str:
    """Small letters and digits that only we can read; the same each time.

    The mark is one of `Of`, or seconds since 1970.
    """
    block = _BLOCK.pack(number, mark, 0)
    sealed = _cipher(settings.SECRET_KEY).encryptor().update(block)
    return _FIRST + base64.b32encode(sealed).decode().rstrip("=").lower()


def unseal(sealed: str) -> tuple[int, int]:
    """The number and its mark. Raises ValueError for what seal() did not make."""
    try:
        block = base64.b32decode(sealed.removeprefix(_FIRST).upper() + "======")
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            opened = _cipher(secret).decryptor().update(block)
            number, mark, zeros = _BLOCK.unpack(opened)
            if not zeros:
                return number, mark
    except (binascii.Error, struct.error):
        pass
    raise ValueError("this is not sealed by us")


def number_sealed_in(words: str, of: Of) -> int | None:
    """The number of this kind in what seal() made of it; None for anything else."""
    try:
        number, mark = unseal(words)
    except ValueError:
        return None
    return number if mark == of else None


@lru_cache(maxsize=10)
def _cipher(secret):
    key = keyed_hash("sealed numbers", "", key=secret)
    return Cipher(algorithms.AES(key), modes.ECB())
