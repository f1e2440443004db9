"""Reads what mail servers report (RFC 3464) and what people complain of (RFC 5965).

A report says by its envelope address which mail it is about, as in
bounces+<name>-<key>@. The app that sent the mail knows the name.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message

from django.conf import settings
from django.utils import timezone

_TYPE_OF_WORDS = re.compile(r"^(smtp|x-[\w-]+) ?; ?", re.I)


class NotAReport(Exception):
    """The message is no delivery report, or names no mail of ours."""


def reports_since() -> datetime:
    """The moment before which a mail has left too long ago for a report to count."""
    return timezone.now() - timedelta(days=settings.REPORTS_COUNT_DAYS)


def refuse_late(left_at: datetime | None) -> None:
    """Raise NotAReport for a mail that left too long ago, or never.

    The envelope address stays in the mail for ever, and whoever is forwarded the mail
    can write to that address. Years later, such a report must not stop anything.
    """
    if left_at is None or left_at < reports_since():
        raise NotAReport("no mail of the last days")


class BounceReport:
    """A message that came back, as far as it can be understood."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def named(self, envelope_to: str | None = None) -> Iterator[str]:
        """Every text that may name the mail.

        First the envelope, then the headers that mail servers add, then what a
        complaint quotes of the mail.
        """
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
        """Whether somebody called the mail spam in their mail program (RFC 5965)."""
        return any(
            "abuse" in str(fields.get("Feedback-Type", "")).lower()
            for part in self._message.walk()
            if part.get_content_type() == "message/feedback-report"
            for fields in _inside(part)
        )

    def fields(self) -> tuple[str, str, str]:
        """Action, status and diagnostic words for the first recipient of the report."""
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
    """The messages inside a part; none for a text."""
    return part.get_payload() if part.is_multipart() else []


def plain(words: str) -> str:
    """A server's words on one line, without controls and type (RFC 3464, 2.3.6)."""
    line = "".join(filter(str.isprintable, " ".join(words.split())))
    return _TYPE_OF_WORDS.sub("", line)
