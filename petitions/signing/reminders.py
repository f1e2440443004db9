"""Who has signed and not confirmed is asked once more, a day later."""

import time
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from campaigns.models import Campaign
from database import queue
from petitions.signing import mails
from petitions.signing.models import Signature
from safeguards.blocks import Block
from safeguards.counters import EVERYBODY, MINUTE, Limit, WholeSite, take, window_end
from safeguards.mail_allowance import MailLimitReached
from supporters.models import SentMail

# Nobody waits for these: few at a time, and then whatever else waits has its turn.
SECONDS, BATCH = 20, 50
REMINDERS = Limit(
    "reminders", of=WholeSite, window=MINUTE, setting="FOLLOW_MAILS_A_MINUTE"
)
# Nothing has left, for certain. After any other fault, a mail may have.
NOT_TAKEN = (
    MailLimitReached,
    SMTPResponseException,
    SMTPRecipientsRefused,
    ConnectionRefusedError,
    gaierror,
)


def due():
    """Signatures that were mailed REMIND_AFTER_HOURS ago and not confirmed since.

    None that is held, bounced or invalidated, and none of an address that has
    confirmed or been reminded under this petition already. Of several signatures of one
    address, the newest.
    """
    if not settings.REMIND_AFTER_HOURS:
        return Signature.objects.none()
    now = timezone.now()
    same = Signature.objects.filter(
        petition=OuterRef("petition"),
        confirmation__supporter=OuterRef("confirmation__supporter"),
    )
    others = same.filter(
        Q(confirmed_at__isnull=False, withdrawn_at=None)
        | Q(reminded_at__isnull=False)
        | Q(pk__gt=OuterRef("pk"))
    )
    came_back = SentMail.objects.filter(
        Q(refused_at__isnull=False)
        | Q(bounced_at__isnull=False)
        | Q(complained_at__isnull=False),
        supporter=OuterRef("confirmation__supporter"),
    )
    return Signature.objects.pending().filter(
        ~Exists(others),
        ~Exists(came_back),
        reminded_at=None,
        withdrawn_at=None,
        petition__campaign__in=Campaign.objects.open(),
        confirmation__used_at=None,
        confirmation__refused_at=None,
        # After the last of these days, the link of the mail would not work.
        confirmation__sent_at__gt=now - timedelta(settings.KEEP_UNCONFIRMED_DAYS),
        confirmation__sent_at__lte=now - timedelta(hours=settings.REMIND_AFTER_HOURS),
    )


def work_through():
    """Remind for some seconds; the moment to go on at when there may be more, or None.

    Nobody waits for the next minute's share here: that would be a worker's whole time.
    """
    end = time.monotonic() + SECONDS
    waiting = due().select_related("petition__campaign", "confirmation__supporter")
    last = 0
    while time.monotonic() < end:
        granted = take(REMINDERS(EVERYBODY), BATCH)
        if not granted:
            return window_end(MINUTE)
        batch = list(waiting.filter(pk__gt=last).order_by("pk")[:granted])
        if not batch:
            return None
        try:
            for signature in batch:
                last = signature.pk
                # An address that has had enough mails of this hour stays due.
                with suppress(MailLimitReached):
                    remind(signature)
        except (SMTPException, OSError):  # the relay takes nothing: in ten minutes
            return None
    return timezone.now()


def remind(signature):
    """Ask once more for the confirmation, unless the address is blocked by now.

    Once, whatever happens: the reminder is written down before the mail leaves, and
    taken back only when the relay has said that it did not take the mail. Killed in
    between, nobody is asked twice. Raises what Confirmation.send() raises.
    """
    if Block.objects.that_hold(email=signature.confirmation.email):
        return
    mine = Signature.objects.filter(pk=signature.pk)
    # Both conditions: of two workers at once, the second looks at the row again.
    found = due().filter(pk=signature.pk)
    still_due = mine.filter(reminded_at=None, pk__in=found.values("pk"))
    if not still_due.update(reminded_at=timezone.now()):
        return
    try:
        mails.send(signature, "remind_signature")
    except NOT_TAKEN:
        mine.update(reminded_at=None)
        raise


@app.periodic(cron="*/10 * * * *")
@app.task(name="petitions.start_reminders", queueing_lock="start_reminders")
def start_reminders(timestamp):
    if due().exists():
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
