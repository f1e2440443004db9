"""What comes back of mails to supporters: reports, complaints, a provider's word."""

import json
from contextlib import suppress

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from outbox.bounce_reports import NotAReport, plain
from outbox.relay import says_bad_address
from supporters.acts.sent_mails import SentMail


def named_in(text):
    """The SentMail that an envelope address in a text names, or None."""
    with suppress(SentMail.DoesNotExist):
        return SentMail.objects.for_bounce_address(text)
    return None


def note(about, report):
    """Note what a report says of a mail; returns it."""
    if report.is_complaint:
        about.complain()
        return about
    action, status, words = report.fields()
    if action == "failed":
        _bounce(about, words, f"{status} {words}")
    elif action not in ("delivered", "relayed", "delayed"):
        raise NotAReport(f"action {action!r}")
    return about


def _bounce(about, words, said, *, for_good=False):
    """Note that a mail came back; `said` is all that the server's side says."""
    about.bounce(words, for_good=for_good or says_bad_address(said))


@receiver(tracking)
def track(sender, event, esp_name, **kwargs):
    """A provider's word on one mail, through django-anymail."""
    about = _tracked(event)
    if about is None:
        return
    if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        about.complain()
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        words = plain(event.mta_response or event.description or event.event_type)
        is_invalid = event.reject_reason == RejectReason.INVALID
        _bounce(about, words, words, for_good=is_invalid)


def _tracked(event):
    """What an event is about, or None: most are about other mails of the site."""
    if not event.recipient:
        return None
    return named_in(json.dumps(event.esp_event, default=str))
