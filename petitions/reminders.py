"""Who has signed and not confirmed is asked once more, a day later."""

import time
from contextlib import suppress
from smtplib import SMTPException

from django.conf import settings
from django.utils import timezone

from campaign_site import limits
from petitions.models import Signature
from supporters.models import MailLimitReached

# Nobody waits for these: few at a time, and then whatever else waits has its turn.
SECONDS, BATCH = 20, 50


def work_through():
    """Remind for some seconds; the moment to go on at when there may be more, or None.

    Nobody waits for the next minute's share here: that would be a worker's whole time.
    """
    end = time.monotonic() + SECONDS
    due = Signature.objects.to_remind().select_related(
        "petition__campaign", "confirmation__supporter"
    )
    last = 0
    while time.monotonic() < end:
        granted = limits.take(
            "reminders", limits.MINUTE, BATCH, settings.FOLLOW_MAILS_A_MINUTE
        )
        if not granted:
            return limits.window_end(limits.MINUTE)
        batch = list(due.filter(pk__gt=last).order_by("pk")[:granted])
        if not batch:
            return None
        try:
            for signature in batch:
                last = signature.pk
                _remind(signature)
        except (SMTPException, OSError):  # the relay takes nothing: in ten minutes
            return None
    return timezone.now()


def _remind(signature):
    # An address that has had enough mails of this hour stays due.
    with suppress(MailLimitReached):
        signature.remind()
