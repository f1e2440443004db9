"""What comes back later: reports by mail (RFC 3464) and by a provider's webhook."""

import json
import re
from email import message_from_bytes

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from letters.models import Delivery
from letters.post import says_bad_address

_BOUNCE_ADDRESS = re.compile(r"bounces\+[0-9a-f-]+@[^\s>,\"]+", re.I)
_TYPE_OF_WORDS = re.compile(r"^(smtp|x-[\w-]+) ?; ?", re.I)


class NotAReport(Exception):
    """The message is no delivery report, or names no delivery of ours."""


def receive(raw, envelope_to=None):
    """Read a delivery report (bytes) and note what it says; returns the Delivery.

    The envelope address names the delivery: given as `envelope_to`, or found in the
    headers that mail servers add. Raises NotAReport.
    """
    message = message_from_bytes(raw)  # lenient: anything may stand in here
    delivery = _delivery(message, envelope_to)
    action, status, words = _report(message)
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
    words = _plain(event.mta_response or event.description or event.event_type)
    if event.event_type == EventType.DELIVERED:
        delivery.accept()
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        for_good = (
            says_bad_address(words) or event.reject_reason == RejectReason.INVALID
        )
        delivery.bounce(words, for_good=for_good)


def _delivery(message, envelope_to):
    candidates = [envelope_to] if envelope_to else []
    for name in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
        candidates += [str(value) for value in message.get_all(name, [])]
    for candidate in candidates:
        if delivery := _named_in(candidate):
            return delivery
    raise NotAReport("no envelope address of ours")


def _named_in(text):
    """The delivery whose envelope address stands in a text, or None."""
    for address in _BOUNCE_ADDRESS.findall(text):
        try:
            return Delivery.objects.for_bounce_address(address)
        except Delivery.DoesNotExist:
            continue
    return None


def _report(message):
    """Action, status and diagnostic words of the first recipient reported on."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.get_payload():
                if "Action" in fields:
                    status = str(fields.get("Status", ""))
                    words = str(fields.get("Diagnostic-Code", status))
                    action = str(fields["Action"]).split("(")[0].strip().lower()
                    return action, status, _plain(words)
    raise NotAReport("no delivery-status part (RFC 3464)")


def _plain(words):
    """A server's words on one line, without their type (RFC 3464, 2.3.6)."""
    return _TYPE_OF_WORDS.sub("", " ".join(words.split()))


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
