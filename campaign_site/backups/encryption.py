"""Backups are encrypted in the age format, which other programs read, too.

`age --decrypt --identity` opens one with the same key, without this site. It is read
and written as a stream: pyrage works in a thread at the other end of a pipe.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pyrage

from campaign_site.backups.tools import CannotBackUp

MAGIC = b"age-encryption.org/v1\n"
_PIECE = 1024 * 1024


@contextmanager
def encrypting(stream, key):
    """A file to write to; what is written is stored encrypted in `stream`."""
    recipients = [_identity(key).to_public()]
    target = _Target(stream)
    source, sink = os.pipe()

    def encrypt():
        try:
            with open(source, "rb") as plain:
                pyrage.encrypt_io(plain, target, recipients)
        finally:
            if target.fault:
                raise target.fault

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(encrypt)
        try:
            with open(sink, "wb") as plain:
                yield plain
        except BrokenPipeError:
            done.result()  # it has stopped, and says why
            raise
        done.result()


class _Target:
    """A file to write to that keeps its fault: pyrage does not tell that of the end."""

    def __init__(self, stream):
        self._stream, self.fault = stream, None

    def write(self, data):
        try:
            return self._stream.write(data)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self):
        self._stream.flush()


@contextmanager
def decrypting(stream, key):
    """What an encrypted file holds, to be read.

    Raises CannotBackUp, whatever its reader has made of it, if the key is another one
    or the file was changed.
    """
    identities = [_identity(key)]
    source, sink = os.pipe()

    def decrypt():
        with suppress(BrokenPipeError), open(sink, "wb") as plain:
            pyrage.decrypt_io(stream, plain, identities)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(decrypt)
        try:
            with open(source, "rb") as plain:
                yield plain
                while plain.read(_PIECE):  # to the end: nothing is missing
                    pass
        finally:
            try:
                done.result()
            except (pyrage.DecryptError, OSError) as error:
                if getattr(error, "errno", None):  # of the disk or the store
                    raise
                raise CannotBackUp(
                    "It was encrypted with another key, or is not whole."
                ) from None


def _identity(key):
    try:
        return pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError:
        raise CannotBackUp(
            "BACKUP_KEY is no key of age. Set the last line that `age-keygen` prints."
        ) from None
