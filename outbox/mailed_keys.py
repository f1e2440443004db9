"""The keys in the links of mails: those that work for years, and those used once.

`StandingKey` and `OneTimeKey` are stored. The link and the code of a question are made
from its row, and are not stored: `WithLink`, `WithCode`.

The row that has a key says whose it is, and the model says what it opens: a key of one
kind opens nothing of another kind, and one to say no does not say yes.
"""

import hmac
import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, F

from database.sealed import Of, number_sealed_in, seal, unseal
from safeguards import limits
from safeguards.counters import DAY, Limit, count, hit
from safeguards.mailbox import Mailbox

TRIES_A_CODE = 5
# Counts the tries of all codes that are mailed to a mailbox, whatever they are for.
CODES = Limit("codes", of=Mailbox, window=DAY, setting="LIMIT_CODE_TRIES_A_DAY")


def new_standing_key() -> str:
    return secrets.token_urlsafe(16)


def new_one_time_key() -> str:
    return secrets.token_hex(20)


class StandingKey(models.CharField):
    """The key of a link that works for years: to stop, to withdraw, to the receipt.

    It is random. Another address means another row with a key of its own. The key stays
    when its owner confirms: links of the question work afterwards, too, and only the
    mailbox that confirms has seen them.
    """

    def __init__(self, **options: Any) -> None:
        settled = {"max_length": 22, "default": new_standing_key, "editable": False}
        super().__init__(**{**options, **settled})


class KeyHash(str):
    """A one-time key as it is stored."""

    __slots__ = ()


class OneTimeKey(models.CharField):
    """The key of a link that opens something once, and soon; None when there is none.

    It is random, and only its hash is stored. Code sets it and looks it up by the key
    itself, as in `update(mail_key=key)` and `get(mail_key=key)`. Setting another key
    ends the one before.
    """

    def __init__(self, **options: Any) -> None:
        settled = {"max_length": 64, "unique": True, "null": True, "editable": False}
        super().__init__(**{**options, **settled})

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> KeyHash | None:
        return KeyHash(value) if value else None

    def get_prep_value(self, value: str | None) -> KeyHash | None:
        if value is None or isinstance(value, KeyHash):
            return value
        return KeyHash(sha256(value.encode()).hexdigest())


class Gone(ObjectDoesNotExist):
    """The key was good once, but opens nothing any more.

    `made_at` is when its row was made, if the key says so.
    """

    def __init__(self, made_at: datetime | None = None) -> None:
        super().__init__()
        self.made_at = made_at


def signed(model: type[models.Model], token: str, salt: str) -> str:
    """What is signed in a token that leads to a row of this model.

    Raises DoesNotExist for a token that we have not made.
    """
    try:
        return signer(salt).unsign(token)
    except signing.BadSignature:
        raise model.DoesNotExist from None  # type: ignore[attr-defined]


class KeySigner(signing.Signer):
    """Django's, without a “-” in what it makes.

    SpamAssassin takes 26 to 35 letters and digits between other signs for the address
    of a Bitcoin wallet, if they begin with 1 or 3 (PDS_BTC_ID). Some keys had such a
    piece, and their mails a point.
    """

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key).replace("-", "_")


def signer(salt: str) -> signing.Signer:
    """What signs the keys of links in mails."""
    return KeySigner(salt=salt, sep=".")


def key_beside(row: models.Model, standing: str, what: str) -> str:
    """The key of a link to something that the row's standing key does not open.

    It is signed and not stored, and ends with the standing key.
    """
    return signer(f"{what} {getattr(row, standing)}").sign(seal(row.pk, Of.ROW))


def row_with[Row: models.Model](
    rows: models.QuerySet[Row], key: str, standing: str, what: str
) -> Row | None:
    """The row among these that has this key_beside(), or None."""
    row = rows.filter(pk=number_sealed_in(key.partition(".")[0], Of.ROW)).first()
    if row is None or not hmac.compare_digest(
        key_beside(row, standing, what).encode(), key.encode()
    ):
        return None
    return row


def number_and_moment(row: models.Model) -> str:
    """The key of a row and when it was made, sealed, for a token.

    So the token can say how old it is when its row has been deleted.
    """
    return seal(row.pk, int(row.created_at.timestamp()))  # type: ignore[attr-defined]


def read_number_and_moment(words: str) -> tuple[int, datetime]:
    """What number_and_moment() has sealed.

    Raises DoesNotExist for what an earlier version has signed, and not sealed.
    """
    try:
        number, seconds = unseal(words.partition("-")[0])
    except ValueError:
        raise ObjectDoesNotExist from None
    return number, datetime.fromtimestamp(seconds, UTC)


# What the link in a mail opens; a key to one opens nothing of the other.
LINK, DENIAL = "link", "denial"


class WithLink(models.Model):
    """A row that its owner opens once, by the link in a mail.

    A key is made from the model, what it opens, the row's key and its address. All
    mails about a row have the same links, since people press the button in the mail
    that they find first. Whoever uses the key notes at the row that it is used up.
    """

    email: str
    created_at: models.DateTimeField

    class Meta:
        abstract = True

    @property
    def link_key(self) -> str:
        """The key of the link that does what the mail asks."""
        return self._key_to(LINK)

    @property
    def denial_key(self) -> str:
        """The key of the link “This was not me”."""
        return self._key_to(DENIAL)

    def _key_to(self, what):
        salt = f"{self._meta.label_lower} {what}"
        address = signer(f"{salt} address").signature(self.email)
        return signer(salt).sign(f"{number_and_moment(self)}-{address}")

    @classmethod
    def in_link(cls, key: str, what: str = LINK) -> tuple[int, datetime]:
        """The primary key of a link's row, and when it was made; ask has_link(), too.

        Raises DoesNotExist for a link that we have not made, or for something else.
        """
        salt = f"{cls._meta.label_lower} {what}"
        return read_number_and_moment(signed(cls, key, salt))

    def has_link(self, key: str, what: str = LINK) -> bool:
        """Whether this row's mails hold the key; a key for another address is none."""
        return hmac.compare_digest(self._key_to(what), key)

    @classmethod
    def with_link(cls, key: str, what: str = LINK, *joined: str) -> Self | None:
        """The row whose mails hold this key, with what is joined, or None."""
        try:
            number, _made_at = cls.in_link(key, what)
        except ObjectDoesNotExist:
            return None
        rows = cls._default_manager.filter(pk=number)
        found = (rows.select_related(*joined) if joined else rows).first()
        return found if found and found.has_link(key, what) else None


class WithCode(models.Model):
    """A row that its owner opens by the six digits of its newest mail.

    The code is not stored. It is made from the model, the row's key, its address and
    the number of its newest mail, so the code of an older mail is not good. A mail that
    is written again has the same code.
    """

    email: str

    # The number of the newest mail; 0 before the first.
    issue = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def code(self) -> str:
        """The six digits of the newest mail."""
        what = f"{self._meta.label_lower} {self.pk} {self.issue} {self.email}"
        digest = hmac.digest(settings.SECRET_KEY.encode(), what.encode(), sha256)
        return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"

    def issue_code(self, number: int) -> None:
        """Make the code of the mail with this number the good one, with all its tries.

        The same number again changes nothing.
        """
        mine = type(self)._default_manager.filter(pk=self.pk).exclude(issue=number)
        if mine.update(issue=number, tries=0):
            self.issue, self.tries = number, 0

    def has_code(self, code: str) -> bool:
        """Whether this is the code of the newest mail; call may_try() first."""
        return bool(self.issue) and hmac.compare_digest(self.code, code)

    def may_try(self) -> bool:
        """Whether a code may be compared now; this costs one try.

        There are TRIES_A_CODE for each mail. LIMIT_CODE_TRIES_A_DAY counts the tries of
        a mailbox over all codes that are mailed to it.
        """
        if hit(CODES(Mailbox(self.email))):
            return False
        mine = type(self)._default_manager.filter(pk=self.pk, tries__lt=TRIES_A_CODE)
        return bool(mine.update(tries=F("tries") + 1))

    @property
    def tries_left(self) -> int:
        """How often a code may still be typed before a new mail is needed."""
        self.refresh_from_db(fields=["tries", "issue"])
        today = count(CODES(Mailbox(self.email)))
        left = limits.number("LIMIT_CODE_TRIES_A_DAY") - today
        return max(0, min(TRIES_A_CODE - self.tries, left))
