"""What Django looks for here."""

from outbox.incoming.models import IncomingMail
from outbox.outgoing_mail import Outcome, OutgoingMail
from outbox.suppressions import Reason, Suppression

__all__ = [
    "IncomingMail",
    "Outcome",
    "OutgoingMail",
    "Reason",
    "Suppression",
]
