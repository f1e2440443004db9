"""Decides what a message is that came to us, and does what follows, once.

A report is noted at its mail. What a program wrote is counted and dropped. An app above
takes what it knows, such as an official's answer. Anything else was written by a person
and is forwarded to the site's contact.
"""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from branding.site import the_site
from outbox import reports
from outbox.bounce_reports import NotAReport
from outbox.incoming.models import IncomingKind, IncomingMail
from outbox.incoming.parsing import NoMessage
from outbox.incoming.reading import IncomingMessage
from outbox.outgoing_mail import OutgoingMail
from outbox.suppressions import address_hash

# A flood must not fill the group's mailbox, nor make us known for mailing much to it.
MOST_FORWARDED_AN_HOUR = 200
EXPLAINED_AGAIN = timedelta(days=7)
# Of the same message, or the same sender, one is received at a time.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7218, hashtext(%s))"


class TooManyReplies(Exception):
    """So many replies were forwarded that this one waits where it is for an hour."""


def receive(raw: bytes, envelope_to: str = "") -> IncomingMail:
    """Take one message, in a transaction of its own; returns what it was.

    A message that has come before changes nothing. Raises TooManyReplies, and NoMessage
    for what is no message at all.
    """
    message = IncomingMessage(raw, envelope_to)
    with transaction.atomic():
        _wait_for(message.digest.hex())
        known = IncomingMail.objects.filter(digest=message.digest).first()
        return known or _take(message, envelope_to)


def _take(message, envelope_to):
    kind = _kind_of(message, envelope_to)
    row = IncomingMail(digest=message.digest, kind=kind, arrived_at=timezone.now())
    if kind == IncomingKind.REPLY and not forwards_more():
        raise TooManyReplies
    # An answer stands on the desk, but its attachments do not.
    is_for_the_group = kind == IncomingKind.REPLY or (
        kind == IncomingKind.ANSWER and message.attachments
    )
    if is_for_the_group:
        row.raw, row.language = message.raw, message.language
        row.address_hash = address_hash(message.sender) if message.sender else None
    row.save()
    if is_for_the_group:
        to = the_site().contact_email
        OutgoingMail.objects.queue("reply_forwarded", row.pk, to)
    if kind == IncomingKind.REPLY:
        _explain(row, message)
    return row


def _kind_of(message, envelope_to):
    """What the message is; a report is noted, and an answer taken, here."""
    try:
        reports.receive(message.parsed, envelope_to)
    except NotAReport:
        pass
    except (RecursionError, LookupError, ValueError, AttributeError):
        raise NoMessage("it looks like a report, and is none") from None
    else:
        return IncomingKind.REPORT
    if message.is_ours:
        return IncomingKind.OURS
    if message.is_automatic:
        return IncomingKind.AUTOMATIC
    if any(config.take_mail(message) for config in _who_take_mail()):
        return IncomingKind.ANSWER
    return IncomingKind.REPLY


def _who_take_mail():
    """The AppConfigs that offer `take_mail(message)`: whether the message is theirs."""
    return [each for each in apps.get_app_configs() if hasattr(each, "take_mail")]


def forwards_more() -> bool:
    """Whether another reply may be forwarded now."""
    since = timezone.now() - timedelta(hours=1)
    forwarded = IncomingMail.objects.replies_since(since).count()
    return forwarded < MOST_FORWARDED_AN_HOUR


def _explain(row, message):
    """Queue the mail that tells the sender where theirs went, if they may get one."""
    if message.sender and not message.is_of_a_list and _had_mail(message):
        _wait_for(message.sender)
        told = OutgoingMail.objects.to_mailbox(message.sender).filter(
            purpose="reply_explained", queued_at__gt=timezone.now() - EXPLAINED_AGAIN
        )
        if not told.exists():
            OutgoingMail.objects.queue("reply_explained", row.pk, message.sender)


def _had_mail(message):
    """Whether we have written to the sender, so that nobody is told who has not.

    From: proves nothing: without this, anybody could let us write to anybody.
    """
    ours = (settings.SERVER_EMAIL, settings.LETTERS_FROM_EMAIL)
    sent = OutgoingMail.objects.to_address(message.sender)
    return message.sender not in ours and message.answers_ours and sent.exists()


def _wait_for(what):
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [what])
