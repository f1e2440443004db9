"""What a mail server's answer means, for a letter's writer (RFC 5321, RFC 3463)."""

import re

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from outbox.relay import says_bad_address

# The class of a reply code or of an enhanced code, wherever a report has put it.
_CLASS = re.compile(r"(?<![\d.])([245])(?:\d\d(?!\d)|\.\d{1,3}\.\d{1,3}(?![\d.]*\d))")
_DETAIL = re.compile(r"(?<![\d.])[45]\.(\d\.\d{1,3})(?![\d.]*\d)")
# Python's name for a connection that failed, before its words: see outbox/relay.py.
_NO_CONNECTION = re.compile(r"(?:\w*Error|\w*Disconnected|timeout|SMTP\w*): ")
# Python and PostgreSQL read this pattern alike.
_CODE = r"^[245][0-9]{2}(?: [245]\.[0-9]{1,3}\.[0-9]{1,3})?(?![0-9])"


def meaning_of(words):
    """Plain words for a server's own; empty if it took the mail, or said nothing."""
    found, detail = _CLASS.search(words), _DETAIL.search(words)
    kind, detail = found and found[1], detail[1] if detail else ""
    for is_so, meaning in (
        (not words or kind == "2", ""),
        (words.endswith("on our side"), _("something went wrong on our side")),
        (_NO_CONNECTION.match(words), _("we could not reach the server")),
        (says_bad_address(words), _("this address does not exist")),
        (detail == "2.2", _("their mailbox is full")),
        (detail in ("2.3", "3.4"), _("the letter is too big for their server")),
        (kind == "4", _("their server asked us to try again later")),
        (detail.startswith("7."), _("their server refused it")),
    ):
        if is_so:
            return meaning
    return _("their server did not accept it")


def code_of(words):
    """The code with which a server's reply begins, like "550 5.1.1"."""
    found = re.match(_CODE, words)
    return found[0] if found else ""


def code_in(field):
    """The same in SQL: substring() with a pattern."""
    pattern = Cast(Value(_CODE), models.TextField())
    text = Cast(F(field), models.TextField())
    return Coalesce(Func(text, pattern, function="SUBSTRING"), Value(""))
