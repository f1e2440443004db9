"""How a worker takes mails that are due, with a lease."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q, Subquery
from django.utils import timezone

from outbox.outgoing_mail import OutgoingMail
from outbox.purposes import Lane

# A receiving domain has at most two conversations with us, at most one of them in bulk.
MOST_CONVERSATIONS = 2
# A conversation lasts no longer than this, except for the relay's answer to a last dot
# (sending.py). A mail that was claimed longer ago was left behind, or its worker is
# about to notice that the mail is no longer its own. A mail that the relay may have
# waits for the end of its lease.
CONVERSATION = timedelta(seconds=90)
# So long after a form, somebody probably still looks for its mail.
FRESH = timedelta(minutes=1)
# Claims come one after the other, so that conversations are counted exactly.
ONE_CLAIM_AT_A_TIME = "SELECT pg_advisory_xact_lock(7216, 1)"


def claim(
    lane: Lane, most: int, *, is_bulk: bool, was_tried: bool | None = None
) -> list[OutgoingMail]:
    """Take up to `most` due mails of a lane with a lease, in the order of their turn.

    They go to one domain, unless `is_bulk`, and to none that has enough conversations
    with us. `was_tried` asks only for mails that were tried before, or only for others:
    a server that is slow for one mail is slow for others, so the patient threads take
    those. A stale lease is taken over.

    When mails that somebody waits for were held back, by a rate or a limit, those of
    the last minute go first: who has waited for longer has probably left the page.
    """
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_CLAIM_AT_A_TIME)
        free = _free(now, is_bulk=is_bulk).filter(lane=lane).order_by("due_at", "pk")
        if lane == Lane.WAITED:
            free = free.alias(is_old=Q(queued_at__lte=now - FRESH))
            free = free.order_by("is_old", "due_at", "pk")
        if was_tried is not None:
            free = free.exclude(tries=0) if was_tried else free.filter(tries=0)
        if not is_bulk:
            free = free.filter(domain=Subquery(free.values("domain")[:1]))
        mails = list(free.select_for_update(skip_locked=True)[:most])
        mine = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails])
        mine.update(claimed_at=now, tries=F("tries") + 1)
    for mail in mails:
        mail.claimed_at, mail.tries = now, mail.tries + 1
    return mails


def _free(now, *, is_bulk):
    """Mails that are due and nobody's, to domains that may have a conversation more."""
    talks_since = now - CONVERSATION
    lease = now - timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    talks = OutgoingMail.objects.open().filter(claimed_at__gt=talks_since).order_by()
    by_domain = talks.values("domain").annotate(n=Count("claimed_at", distinct=True))
    busy = by_domain.filter(n__gte=MOST_CONVERSATIONS).values("domain")
    is_free = (
        Q(claimed_at=None)
        | Q(claimed_at__lte=lease)
        | Q(claimed_at__lte=talks_since, dot_at=None)
    )
    free = OutgoingMail.objects.due(now).filter(is_free).exclude(domain__in=busy)
    if is_bulk:
        in_bulk = talks.exclude(lane=Lane.WAITED, tries=1)
        free = free.exclude(domain__in=in_bulk.values("domain"))
    return free
