"""What comes back later: reports by mail (RFC 3464) and by a provider's webhook."""

import json
import re
from contextlib import suppress

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from letters.sending.deliveries import Delivery
from letters.sending.parcels import Parcel
from outbox import reports
from outbox.bounce_reports import BounceReport, NotAReport, plain, refuse_late
from outbox.relay import says_bad_address


def receive(raw, envelope_to=None):
    """Read a delivery report (bytes) and note what it says; returns what it is about.

    The envelope address names it: given as `envelope_to`, or found in the headers
    that mail servers add. A letter's Delivery, a Parcel of letters, or what the floor
    below has sent. Whoever is forwarded the mail can write such a report: it counts for
    REPORTS_COUNT_DAYS, and see Piece.complain() and mark_recipient().
    Raises NotAReport.
    """
    report = BounceReport(raw)
    for text in report.named(envelope_to):
        if piece := _named_in(text):
            refuse_late(piece.left_at)
            return _note(piece, report)
    return reports.receive(raw, envelope_to)


def _note(piece, report):
    if report.is_complaint:
        piece.complain()
        return piece
    action, status, words = report.fields()
    if action == "failed":
        for_good = says_bad_address(f"{status} {words}")
        piece.bounce(words, for_good=for_good, is_proven=False)
    elif action in ("delivered", "relayed"):
        # "relayed" (RFC 3464, 2.3.3): taken by a server that will not report further.
        piece.accept()
    elif action != "delayed":
        raise NotAReport(f"action {action!r}")
    piece.refresh_from_db()
    return piece


@receiver(tracking)
def track(sender, event, esp_name, **kwargs):
    """A provider's word on one mail to an official, through django-anymail."""
    piece = _tracked(event)
    if piece is None:
        return
    words = plain(event.mta_response or event.description or event.event_type)
    if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        piece.complain(is_proven=True)
    elif event.event_type == EventType.DELIVERED:
        piece.accept()
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        for_good = (
            says_bad_address(words) or event.reject_reason == RejectReason.INVALID
        )
        piece.bounce(words, for_good=for_good)


def _named_in(text):
    """The delivery or parcel whose envelope address stands in a text, or None."""
    for model in (Delivery, Parcel):
        with suppress(model.DoesNotExist):
            return model.objects.for_bounce_address(text)
    return None


def _tracked(event):
    """What an event is about, or None: most are about the site's mails.

    Named by our envelope address or our Message-ID and the recipient, where the
    provider reports them; else by its own number, which its 250 may have told us.
    """
    if not event.recipient:
        return None
    if piece := _named_in(json.dumps(event.esp_event, default=str)):
        return piece
    message_id = (event.message_id or "").strip("<>")
    recipient = event.recipient.lower()
    if ours := re.match(r"parcel\.(\d{1,18})\.", message_id):
        return Parcel.objects.filter(pk=ours[1], email=recipient).first()
    deliveries = Delivery.objects.select_related("parcel__recipient", "recipient")
    if ours := re.match(r"letter\.(\d{1,18})\.", message_id):
        return _whole(deliveries.filter(letter=ours[1], email=recipient).first())
    if not message_id:
        return None
    # By the recipients: they are few, and have an index.
    sent = deliveries.filter(recipient__email=recipient)
    return _whole(sent.filter(reply__contains=message_id).order_by("-pk").first())


def _whole(delivery):
    """The parcel that a delivery left in, or itself."""
    left_in_parcel = delivery and delivery.parcel and delivery.parcel.settled_at
    return delivery.parcel if left_in_parcel else delivery
