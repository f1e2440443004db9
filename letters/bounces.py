"""What comes back later: reports by mail (RFC 3464) and by a provider's webhook."""

import re
from email import message_from_bytes, policy

from anymail.signals import EventType, tracking
from django.dispatch import receiver

from letters.models import Delivery

# Enhanced status codes (RFC 3463) that say the address itself is no good: no such
# mailbox, no such system, bad syntax, moved, disabled.
BAD_ADDRESS = re.compile(r"5\.(1\.[0-46]|2\.1)\b")


class NotAReport(Exception):
    """The message is no delivery report, or names no delivery of ours."""


def receive(raw, envelope_to=None):
    """Read a delivery report (bytes) and note what it says; returns the Delivery.

    The envelope address names the delivery: given as `envelope_to`, or found in the
    headers that mail servers add. Raises NotAReport.
    """
    message = message_from_bytes(raw, policy=policy.default)
    delivery = _delivery(message, envelope_to)
    action, status, words = _report(message)
    if action == "failed":
        delivery.bounce(words, for_good=bool(BAD_ADDRESS.search(status)))
    elif action in ("delivered", "relayed"):
        # "relayed" (RFC 3464, 2.3.3): taken by a server that will not report further.
        delivery.accept()
    elif action != "delayed":
        raise NotAReport(f"action {action!r}")
    return delivery


@receiver(tracking)
def track(sender, event, esp_name, **kwargs):
    """A provider's word on one recipient of one letter, through django-anymail."""
    delivery = _tracked(event)
    if delivery is None:
        return
    words = event.mta_response or event.description or event.event_type
    if event.event_type == EventType.DELIVERED:
        delivery.accept()
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        for_good = bool(BAD_ADDRESS.search(words)) or event.reject_reason == "invalid"
        delivery.bounce(words, for_good=for_good)


def _delivery(message, envelope_to):
    candidates = [envelope_to] if envelope_to else []
    for name in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
        candidates += [str(value) for value in message.get_all(name, [])]
    for candidate in candidates:
        for address in re.findall(r"bounces\+[0-9a-f-]+@[^\s>,]+", candidate, re.I):
            try:
                return Delivery.objects.for_bounce_address(address)
            except Delivery.DoesNotExist:
                continue
    raise NotAReport("no envelope address of ours")


def _report(message):
    """Action, status and diagnostic words of the first recipient reported on."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.get_payload():
                if "Action" in fields:
                    status = str(fields.get("Status", ""))
                    words = str(fields.get("Diagnostic-Code", status))
                    action = str(fields["Action"]).split("(")[0].strip().lower()
                    return action, status, " ".join(words.split())
    raise NotAReport("no delivery-status part (RFC 3464)")


def _tracked(event):
    """The delivery an event is about: by our Message-ID, or by the provider's own id,
    which stands in the words of its 250; and by the recipient."""
    if not (event.message_id and event.recipient):
        return None
    message_id = event.message_id.strip("<>")
    ours = re.match(r"letter\.(\d+)\.", message_id)
    deliveries = Delivery.objects.filter(email__iexact=event.recipient)
    if ours:
        return deliveries.filter(letter=ours[1]).first()
    return deliveries.filter(reply__contains=message_id).order_by("-pk").first()
