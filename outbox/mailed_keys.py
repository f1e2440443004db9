"""The keys in the links of mails: those that stand for years, and those used once.

Whose key it is, is the row that has it; what it opens, the model: a key of one kind
opens nothing of another one.
"""

import secrets
from hashlib import sha256

from django.db import models


def new_standing_key():
    return secrets.token_urlsafe(16)


def new_one_time_key():
    return secrets.token_urlsafe(24)


class StandingKey(models.CharField):
    """The key of a link that works for years: to stop, to withdraw, to the receipt.

    Random. An act whose question is put to another address gets a new one
    (`Confirmation.change_address()` finds all by this class). It stays when its owner
    confirms, since links of the question work afterwards, too, and only the mailbox
    that confirms has seen them.
    """

    def __init__(self, **options):
        settled = {"max_length": 22, "default": new_standing_key, "editable": False}
        super().__init__(**{**options, **settled})

    def renew(self, rows):
        """Give each of these rows another key: those that were mailed open nothing."""
        for pk in list(rows.values_list("pk", flat=True)):
            rows.filter(pk=pk).update(**{self.name: new_standing_key()})

    @classmethod
    def of(cls, model):
        """The one of a model, or None."""
        found = [field for field in model._meta.fields if isinstance(field, cls)]
        return found[0] if found else None


class KeyHash(str):
    """A one-time key as it is stored."""

    __slots__ = ()


class OneTimeKey(models.CharField):
    """The key of a link that opens something once, soon: None when none does.

    Random, and stored as its hash: it is set and looked for by the key itself, as in
    `update(mail_key=key)` and `get(mail_key=key)`. Setting another ends the one before.
    """

    def __init__(self, **options):
        settled = {"max_length": 64, "unique": True, "null": True, "editable": False}
        super().__init__(**{**options, **settled})

    def from_db_value(self, value, expression, connection):
        return value and KeyHash(value)

    def get_prep_value(self, value):
        if value is None or isinstance(value, KeyHash):
            return value
        return KeyHash(sha256(value.encode()).hexdigest())
