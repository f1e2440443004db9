"""A file that is encrypted while it is written, and read back piece by piece.

It is AES-256-GCM over pieces of one megabyte. The nonce holds a piece's number and
whether it is the last, so that nobody can change, move, leave out or cut off a piece
unseen (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár 2015). The key of a file is made
from a secret and the file's own salt (HKDF, RFC 5869), so that no nonce comes twice
with one key.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"campaign-site encrypted 1\n"
_SALT, _TAG = 32, 16
_PIECE = 1024 * 1024


class CannotDecrypt(Exception):
    """The secret is another one, or the file was changed."""


class Encrypting:
    """A file to write to; what is written is stored encrypted in `stream`.

    It is a context manager. If its end is not reached, the file cannot be read back,
    since it has no last piece.
    """

    def __init__(self, stream, secret):
        salt = os.urandom(_SALT)
        self._stream, self._cipher = stream, _cipher(secret, salt)
        self._pending, self._number = bytearray(), 0
        stream.write(MAGIC + salt)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        if kind is None:
            self._put(bytes(self._pending), is_last=True)

    def write(self, data):
        self._pending += data
        while len(self._pending) > _PIECE:  # one stays, since the last is marked
            self._put(bytes(self._pending[:_PIECE]), is_last=False)
            del self._pending[:_PIECE]
        return len(data)

    def _put(self, piece, *, is_last):
        nonce = _nonce(self._number, is_last)
        self._stream.write(self._cipher.encrypt(nonce, piece, None))
        self._number += 1


class Decrypting:
    """What an encrypted file holds, to be read; reading may raise CannotDecrypt.

    `stream` stands behind MAGIC.
    """

    def __init__(self, stream, secret):
        self._stream, self._cipher = stream, _cipher(secret, stream.read(_SALT))
        self._next = stream.read(_PIECE + _TAG)
        self._ready, self._number, self._is_over = b"", 0, False

    def read(self, size):
        while len(self._ready) < size and not self._is_over:
            self._ready += self._piece()
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    def _piece(self):
        sealed, self._next = self._next, self._stream.read(_PIECE + _TAG)
        self._is_over = not self._next
        nonce = _nonce(self._number, self._is_over)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise CannotDecrypt(
                "This file was encrypted with another key, or is not whole."
            ) from None


def _cipher(secret, salt):
    kdf = HKDF(SHA256(), length=32, salt=salt, info=MAGIC)
    return AESGCM(kdf.derive(secret.encode()))


def _nonce(number, is_last):
    return number.to_bytes(11) + bytes([is_last])
