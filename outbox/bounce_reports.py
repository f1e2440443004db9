"""What mail servers report (RFC 3464) and people complain of (RFC 5965): reading it.

Whoever sent the mail says by its envelope address which one it was, as in
bounces+<name>-<key>@; each app knows the names that it gave.
"""

import hmac
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

_BOUNCE_ADDRESS = re.compile(r"bounces\+([0-9a-z]+)-([0-9a-f]+)@", re.I)
_TYPE_OF_WORDS = re.compile(r"^(smtp|x-[\w-]+) ?; ?", re.I)


class NotAReport(Exception):
    """The message is no delivery report, or names no mail of ours."""


def reports_since() -> datetime:
    """Mails that left before this are no longer reported on."""
    return timezone.now() - timedelta(days=settings.REPORTS_COUNT_DAYS)


def refuse_late(left_at: datetime | None) -> None:
    """Raise NotAReport on a mail that left then, or never, when no report can come.

    The envelope address stays in the mail for ever, and whoever is forwarded the mail
    can write to it: it must not stop anything years later.
    """
    if left_at is None or left_at < reports_since():
        raise NotAReport("no mail of the last days")


class BounceReport:
    """One message that came back, as far as it can be understood."""

    def __init__(self, raw: bytes) -> None:
        self._message = message_from_bytes(raw)  # lenient: anything may stand in here

    def named(self, envelope_to: str | None = None) -> Iterator[str]:
        """Every text that may name the mail: the envelope first, then the headers that
        mail servers add, then what a complaint says of the mail it is about."""
        if envelope_to:
            yield envelope_to
        for name in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
            yield from map(str, self._message.get_all(name, []))
        for part in self._message.walk():
            for name in ("Original-Mail-From", "Return-Path"):
                yield from map(str, part.get_all(name, []))
            if part.get_content_type() == "message/feedback-report":
                yield str(part.get_payload())

    @property
    def is_complaint(self) -> bool:
        """Whether somebody has called it spam in their mail program (RFC 5965)."""
        return any(
            part.get_content_type() == "message/feedback-report"
            and "abuse" in str(next(iter(_inside(part)), part))
            for part in self._message.walk()
        )

    def fields(self) -> tuple[str, str, str]:
        """Action, status and diagnostic words of the first recipient reported on."""
        for part in self._message.walk():
            if part.get_content_type() == "message/delivery-status":
                for fields in _inside(part):
                    if "Action" in fields:
                        status = str(fields.get("Status", ""))
                        words = str(fields.get("Diagnostic-Code", status))
                        action = str(fields["Action"]).split("(")[0].strip().lower()
                        return action, status, plain(words)
        raise NotAReport("no delivery-status part (RFC 3464)")


def _inside(part):
    """The messages of which a part consists; none for a text."""
    return part.get_payload() if part.is_multipart() else []


def plain(words: str) -> str:
    """A server's words on one line, without their type (RFC 3464, 2.3.6)."""
    return _TYPE_OF_WORDS.sub("", " ".join(words.split()))


def bounce_address(name: str) -> str:
    """The envelope sender that names a mail to whoever reports back on it."""
    return f"bounces+{name}-{mac(f'bounces {name}')}@{settings.MAIL_DOMAIN}"


def names_in(text: str) -> Iterator[str]:
    """The names in the envelope addresses of ours that stand in a text."""
    for name, key in _BOUNCE_ADDRESS.findall(text):
        expected = mac(f"bounces {name.lower()}")
        if hmac.compare_digest(expected.encode(), key.lower().encode()):
            yield name.lower()


def mac(name: str) -> str:
    """Enough that nobody else can name a mail; hexadecimal, since servers may change
    the case of an address."""
    secret = b"letters" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, name.encode(), sha256)[:6].hex()
