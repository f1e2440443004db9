"""Making the mails in which letters leave, from the deliveries that are due."""

from django.db.models import Exists, F, Max, OuterRef, Subquery
from django.utils import timezone

from letters.recipients.models import Recipient
from letters.sending.deliveries import Delivery
from letters.sending.querysets import ALONE, TOGETHER
from outbox.models import Outcome, OutgoingMail, PausedDomain

# The deliveries that are put into mails with several letters at one time.
MOST_TOGETHER = 5000


def collect_alone(most):
    """A mail for each due delivery that goes alone, of up to as many."""
    due = list(_locked(Delivery.objects.due().alone(), "recipient__email")[:most])
    if due:
        OutgoingMail.objects.queue_many(ALONE, due)
        _link(dict(due), OutgoingMail.objects.about(ALONE, OuterRef("pk")))


def collect_together():
    """One mail for each official with due deliveries that go together.

    What becomes due until it leaves is put into it, too; but for a mail that a worker
    is at, so that the deliveries in one whose last dot is said are those in its words.
    """
    mine = OutgoingMail.objects.about(TOGETHER, OuterRef("recipient")).open()
    busy = Exists(mine.exclude(claimed_at=None))
    due = Delivery.objects.due().together().exclude(busy)
    found = dict(_locked(due, "recipient")[:MOST_TOGETHER])
    if not found:
        return
    recipients = set(found.values())
    _make_mails(recipients)
    free = _open_to(recipients).filter(claimed_at=None)
    free = free.select_for_update(skip_locked=True, no_key=True)
    mails = dict(free.values_list("pk", "about"))
    _link(found, mine.filter(pk__in=mails), recipient__in=mails.values())


def last_left(recipients):
    """By official, when the last mail with several letters has left, or may have."""
    mails = OutgoingMail.objects.about(TOGETHER, list(recipients))
    left = mails.filter(outcome__in=[Outcome.SENT, Outcome.IN_DOUBT])
    return dict(left.order_by().values_list("about").annotate(at=Max("settled_at")))


def mail_days(recipient):
    """When an official gets such mails: never two on one day, or in one week."""
    return recipient.list.mail_days(is_weekly=recipient.gets_mail_weekly)


def follow_who_moved():
    """What waits for a paused domain goes to the official's address of today."""
    if not PausedDomain.objects.exists():
        return
    waiting = Delivery.objects.not_on_its_way().filter(
        mail__claimed_at=None,
        mail__domain__in=PausedDomain.objects.values("domain"),
    )
    moved = waiting.exclude(mail__email=F("recipient__email"))
    for delivery in moved.select_related("mail", "recipient"):
        delivery.mail.readdress(delivery.recipient.email)


def _make_mails(recipients):
    """Make the next mail to each of these who has none that is open."""
    new = recipients.difference(_open_to(recipients).values_list("about", flat=True))
    last, now, by_moment = last_left(new), timezone.now(), {}
    for recipient in Recipient.objects.select_related("list").filter(pk__in=new):
        at = mail_days(recipient).next_after(now, last.get(recipient.pk))
        by_moment.setdefault(at, []).append((recipient.pk, recipient.email))
    for at, mails in by_moment.items():
        OutgoingMail.objects.queue_many(TOGETHER, mails, due_at=at)
        # Until then they wait for nobody, and grow no older.
        _open_to(dict(mails)).update(queued_at=at)


def _open_to(recipients):
    return OutgoingMail.objects.open().about(TOGETHER, list(recipients))


def _locked(due, *columns):
    """Key and column of what is due, without what somebody else is at."""
    free = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return free.values_list("pk", *columns)


def _link(keys, mails, **which):
    waiting = Delivery.objects.open().filter(pk__in=keys, **which)
    waiting.update(mail=Subquery(mails.open().values("pk")[:1]))
