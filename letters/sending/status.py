"""What came of a delivery in a word, for the lists and figures of staff."""

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from outbox.models import Outcome


class Status(models.TextChoices):
    """What came of the mail of a delivery, as far as we know."""

    BOUNCED = "bounced", _("Came back")
    REFUSED = "refused", _("Refused")
    GIVEN_UP = "gave-up", _("Not delivered")
    STOPPED = "stopped", _("Stopped, not sent")
    ACCEPTED = "accepted", _("Accepted by their server")
    HANDED = "handed", _("Handed to our mail service")
    MAYBE = "maybe", _("May have arrived")
    WAITING = "waiting", _("Waiting, or to be tried again")


# The first that holds counts.
STATUS = Case(
    When(bounced_at__isnull=False, then=Value(Status.BOUNCED.value)),
    When(outcome=Outcome.REFUSED, then=Value(Status.REFUSED.value)),
    When(outcome=Outcome.GIVEN_UP, then=Value(Status.GIVEN_UP.value)),
    When(outcome=Outcome.STOPPED, then=Value(Status.STOPPED.value)),
    When(accepted_at__isnull=False, then=Value(Status.ACCEPTED.value)),
    When(outcome=Outcome.SENT, then=Value(Status.HANDED.value)),
    When(outcome=Outcome.IN_DOUBT, then=Value(Status.MAYBE.value)),
    default=Value(Status.WAITING.value),
)
