"""What is reported of a mail later: by mail (RFC 3464), or by a provider's webhook.

A report is understood here, noted at the mail, and given to the mail's purpose, which
does what follows from it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from database.sealed import Of, number_sealed_in
from outbox.bounce_reports import (
    BounceReport,
    NotAReport,
    plain,
    refuse_late,
    reports_since,
)
from outbox.keyed_addresses import BOUNCES
from outbox.outgoing_mail import OutgoingMail
from outbox.purposes import all_purposes
from outbox.relay import says_bad_address, says_unwanted
from outbox.suppressions import address_hash

ACCEPTED, BOUNCED, COMPLAINED = "accepted_at", "bounced_at", "complained_at"


@dataclass(frozen=True)
class MailReport:
    """What is reported of a mail: `what` is one of ACCEPTED, BOUNCED, COMPLAINED.

    `for_good`: the address takes no mail, now and later. `is_unwanted`: its side takes
    no such mail from us. `is_proven`: a mail service says so; a report by mail could be
    written by anybody who was forwarded the mail. `is_news`: it was not reported
    before.
    """

    what: str
    words: str = ""
    for_good: bool = False
    is_unwanted: bool = False
    is_proven: bool = False
    is_news: bool = True


def receive(parsed: Message, envelope_to: str | None = None) -> OutgoingMail:
    """Read a delivery report and note what it says; returns the mail.

    The envelope address names the mail. It is given as `envelope_to`, or found in the
    headers that mail servers add. Raises NotAReport.
    """
    message = BounceReport(parsed)
    mail = _first(mail_named_in(text) for text in message.named(envelope_to))
    if mail is None:
        raise NotAReport("no envelope address of ours")
    refuse_late(mail.left_at)
    if report := _read(message):
        note(mail, report)
    return mail


def _read(message):
    """What a message reports; None when it says only that delivery takes longer."""
    if message.is_complaint:
        return MailReport(COMPLAINED)
    action, status, words = message.fields()
    if action == "failed":
        return _bounced(words, f"{status} {words}")
    if action in ("delivered", "relayed"):
        # "relayed" (RFC 3464, 2.3.3) means: taken by a server that reports no further.
        return MailReport(ACCEPTED, words)
    if action != "delayed":
        raise NotAReport(f"action {action!r}")
    return None


def _bounced(words, said, **known):
    found = {
        "for_good": says_bad_address(said),
        "is_unwanted": says_unwanted(said),
    }
    return MailReport(BOUNCED, words, **{**found, **known})


def note(mail: OutgoingMail, report: MailReport) -> None:
    """Note a report at its mail, and let the mail's purpose do what follows."""
    with transaction.atomic():
        # What the mail is about is locked before the mail, here as everywhere.
        fresh = OutgoingMail.objects.filter(pk=mail.pk, **{report.what: None})
        report = MailReport(**{**vars(report), "is_news": fresh.exists()})
        mail.kind.reported(mail, report)
        noted: dict[str, datetime | str] = {report.what: timezone.now()}
        if report.what == BOUNCED:
            noted["reply"] = mail.kind.words_to_keep(mail, report.words)[:500]
        fresh.update(**noted)
    mail.refresh_from_db()


@receiver(tracking)
def track(
    sender: type, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any
) -> None:
    """Note what a provider says of one mail, through django-anymail."""
    mail = _tracked(event)
    # A report may come before we have noted that the mail has left, but not for ever.
    is_late = mail and mail.left_at and mail.left_at < reports_since()
    report = mail and _of_event(event)
    if report and not is_late:
        note(mail, report)


def _of_event(event):
    if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        return MailReport(COMPLAINED, is_proven=True)
    words = plain(str(event.mta_response or event.description or event.event_type))
    if event.event_type == EventType.DELIVERED:
        return MailReport(ACCEPTED, words, is_proven=True)
    if event.event_type in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        invalid = event.reject_reason == RejectReason.INVALID
        known = {"for_good": True} if invalid else {}
        return _bounced(words, words, is_proven=True, **known)
    return None


def _tracked(event):
    """The mail that an event is about, or None.

    The event names it by our envelope address or our Message-ID, where the provider
    reports them; else by the provider's number, which its 250 may have told us.
    """
    recipient, message_id = str(event.recipient or ""), str(event.message_id or "")
    if not recipient or not (recipient + message_id).isprintable():
        return None
    if mail := mail_named_in(json.dumps(event.esp_event, default=str)):
        return mail
    message_id = message_id.strip("<>")
    if not message_id:
        return None
    sent = OutgoingMail.objects.filter(
        address_hash=address_hash(recipient), settled_at__gte=reports_since()
    )
    named = Q(reply__contains=message_id)
    kind, *ours = message_id.partition("@")[0].split(".")
    if kind == "mail" and ours:
        named |= Q(pk=number_sealed_in(ours[0], Of.MAIL))
    for purpose in all_purposes().values():
        if keys := purpose.keys_named(message_id):
            named |= Q(purpose=purpose.name, about__in=keys)
    return sent.filter(named).order_by("-pk").first()


def mail_named_in(text: str) -> OutgoingMail | None:
    """The mail whose envelope address stands in a text, or None."""
    for name in BOUNCES.names_in(text):
        if number := number_sealed_in(name, Of.MAIL):
            return OutgoingMail.objects.filter(pk=number).first()
    return None


def _first(found):
    return next(filter(None, found), None)
