"""What Django looks for here."""

from outbox.deliverability.arrival import ArrivedTest
from outbox.deliverability.models import DomainCheck
from outbox.incoming.models import IncomingMail
from outbox.outgoing_mail import Outcome, OutgoingMail
from outbox.paused_domains import PausedDomain
from outbox.suppressions import Reason, Suppression

__all__ = [
    "ArrivedTest",
    "DomainCheck",
    "IncomingMail",
    "Outcome",
    "OutgoingMail",
    "PausedDomain",
    "Reason",
    "Suppression",
]
