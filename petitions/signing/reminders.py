"""Who has signed and not confirmed is asked once more, a day later."""

import time
from contextlib import suppress
from smtplib import SMTPException

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from database import queue
from petitions.signing.models import Signature
from safeguards.counters import EVERYBODY, MINUTE, Limit, WholeSite, take, window_end
from safeguards.mail_allowance import MailLimitReached

# Nobody waits for these: few at a time, and then whatever else waits has its turn.
SECONDS, BATCH = 20, 50
REMINDERS = Limit(
    "reminders", of=WholeSite, window=MINUTE, setting="FOLLOW_MAILS_A_MINUTE"
)


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
        granted = take(REMINDERS(EVERYBODY), BATCH)
        if not granted:
            return window_end(MINUTE)
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


@app.periodic(cron="*/10 * * * *")
@app.task(name="petitions.start_reminders", queueing_lock="start_reminders")
def start_reminders(timestamp):
    if Signature.objects.to_remind().exists():
        start_reminding()


def start_reminding(at=None):
    # Behind whatever somebody waits for, such as a confirmation; one at a time.
    later = remind_signers.configure(
        schedule_at=at and queue.at(at),
        lock="reminders",
        queueing_lock="reminders",
        priority=-10,
    )
    with suppress(AlreadyEnqueued):
        later.defer()


@app.task(name="petitions.remind_signers")
def remind_signers():
    """Some seconds' worth of reminders; then whatever else waits gets its turn."""

    if at := work_through():
        start_reminding(at)
