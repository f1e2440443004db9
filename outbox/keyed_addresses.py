"""Addresses of ours that name something, to whoever writes to them.

`bounces+<number, sealed>-<key>@` is the envelope address of a mail: a report on it
goes there.
Each kind has its word before the "+".
"""

import hmac
import re
from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings

from branding.site import the_site
from database.keyed_hashes import keyed_hash
from safeguards.mailbox import Mailbox


class KeyedAddress:
    """One kind of address; nobody else can make one, or change what it names."""

    kinds: ClassVar[list[str]] = []

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.kinds.append(kind)
        self._pattern = re.compile(rf"\b{kind}\+([0-9a-z]+)-([0-9a-f]+)@", re.I)

    def of(self, name: str) -> str:
        """The address of what has this name, of small letters and digits."""
        return f"{self._kind}+{name}-{self._key(name)}@{settings.MAIL_DOMAIN}"

    def names_in(self, text: str) -> Iterator[str]:
        """The names in those addresses of this kind in a text that are ours."""
        for name, key in self._pattern.findall(text):
            expected = self._key(name.lower())
            if hmac.compare_digest(expected.encode(), key.lower().encode()):
                yield name.lower()

    def _key(self, name):
        return mac(f"{self._kind} {name}")


BOUNCES = KeyedAddress("bounces")


def is_our_own(email: str) -> bool:
    """Whether what is mailed there comes back to us: it is our contact or a sender.

    So it is in any spelling of the mailbox, which what we mail by reads as well.
    """
    ours = [
        the_site().contact_email,
        settings.SERVER_EMAIL,
        settings.LETTERS_FROM_EMAIL,
    ]
    ours += [f"{kind}@{settings.MAIL_DOMAIN}" for kind in KeyedAddress.kinds]
    return Mailbox(email) in map(Mailbox, ours)


def mac(name: str) -> str:
    """A keyed digest, long enough that nobody else can name a mail.

    It is hexadecimal because servers may change the case of an address.
    """
    return keyed_hash("letters", name)[:6].hex()
