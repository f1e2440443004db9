"""What comes back later: reports by mail (RFC 3464) and by a provider's webhook."""

import json
import re
from contextlib import suppress

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from campaign_site.post import says_bad_address
from campaign_site.reports import NotAReport, Report, plain
from letters.models import Delivery
from supporters import bounces as of_followers


def receive(raw, envelope_to=None):
    """Read a delivery report (bytes) and note what it says; returns what it is about.

    The envelope address names it: given as `envelope_to`, or found in the headers
    that mail servers add. A letter's Delivery, or what the floor below has sent.
    Raises NotAReport.
    """
    report = Report(raw)
    for text in report.named(envelope_to):
        if delivery := _named_in(text):
            return _note(delivery, report)
        if about := of_followers.named_in(text):
            return of_followers.note(about, report)
    raise NotAReport("no envelope address of ours")


def _note(delivery, report):
    if report.is_complaint:
        delivery.recipient.note_complaint()
        return delivery
    action, status, words = report.fields()
    if action == "failed":
        delivery.bounce(words, for_good=says_bad_address(f"{status} {words}"))
    elif action in ("delivered", "relayed"):
        # "relayed" (RFC 3464, 2.3.3): taken by a server that will not report further.
        delivery.accept()
    elif action != "delayed":
        raise NotAReport(f"action {action!r}")
    delivery.refresh_from_db()
    return delivery


@receiver(tracking)
def track(sender, event, esp_name, **kwargs):
    """A provider's word on one recipient of one letter, through django-anymail."""
    delivery = _tracked(event)
    if delivery is None:
        return
    words = plain(event.mta_response or event.description or event.event_type)
    if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        delivery.recipient.note_complaint()
    elif event.event_type == EventType.DELIVERED:
        delivery.accept()
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        for_good = (
            says_bad_address(words) or event.reject_reason == RejectReason.INVALID
        )
        delivery.bounce(words, for_good=for_good)


def _named_in(text):
    """The delivery whose envelope address stands in a text, or None."""
    with suppress(Delivery.DoesNotExist):
        return Delivery.objects.for_bounce_address(text)
    return None


def _tracked(event):
    """The delivery that an event is about, or None: most are about the site's mails.

    Named by our envelope address or our Message-ID and the recipient, where the
    provider reports them; else by its own number, which its 250 may have told us.
    """
    if not event.recipient:
        return None
    if delivery := _named_in(json.dumps(event.esp_event, default=str)):
        return delivery
    message_id = (event.message_id or "").strip("<>")
    recipient = event.recipient.lower()
    if ours := re.match(r"letter\.(\d{1,18})\.", message_id):
        return Delivery.objects.filter(letter=ours[1], email=recipient).first()
    if not message_id:
        return None
    # By the recipients: they are few, and have an index.
    sent = Delivery.objects.filter(recipient__email=recipient)
    return sent.filter(reply__contains=message_id).order_by("-pk").first()
