"""What follows when a supporter's mail is refused, comes back or is called spam.

The mailbox gets nothing more that comes unasked, and what its owner had subscribed to
ends and says why. One refusal without a word about the address may be a bad day of a
filter, or of ours. Refusals on three days, with no mail between them that arrived, are
an answer; a sender who writes on after that loses the reputation that all other mails
need.
"""

from django.db.models import Q
from django.utils import timezone

from outbox.models import Outcome, OutgoingMail, Reason, Suppression
from outbox.relay import says_bad_address, says_unwanted
from outbox.reports import BOUNCED, COMPLAINED
from outbox.suppressions import address_hash
from supporters.acts.stop_reasons import Because
from supporters.people.models import DomainOfEmail, Supporter

REFUSED_DAYS = 3
MOST_MAILS = 50
NEIGHBOURS = 50
STAYED_OR_NOT = [Outcome.SENT, Outcome.REFUSED]


def note_outcome(mail):
    """Do what follows from how a mail to a supporter has ended; for `settled()`."""
    if mail.outcome == Outcome.REFUSED:
        for_good, unwanted = says_bad_address(mail.reply), says_unwanted(mail.reply)
        _came_back(mail, mail.reply, for_good=for_good, is_unwanted=unwanted)


def note_report(mail, report):
    """Do what follows from what was reported later; for `reported()`."""
    if report.what == COMPLAINED:
        end_unasked(mail.email, Because.COMPLAINED)
    elif report.what == BOUNCED:
        _came_back(
            mail,
            report.words,
            for_good=report.for_good,
            is_unwanted=report.is_unwanted,
        )


def end_unasked(email, because, words=""):
    """Send a mailbox nothing more that comes unasked, and end what caused it."""
    Suppression.objects.put(email, Reason(because.value))
    for supporter in Supporter.objects.filter(email=email):
        supporter.unsubscribe(because, words)


def write_again(email):
    """Lift earlier suppressions: its owner has just said that they want our mails."""
    Suppression.objects.lift(email, Reason.BOUNCED, Reason.COMPLAINED)


def _came_back(mail, words, *, for_good, is_unwanted):
    if for_good or (is_unwanted and _is_an_answer(mail)):
        end_unasked(mail.email, Because.BOUNCED, words)


def _is_an_answer(mail):
    """Whether the last mails to this address all came back, on three days.

    If others of their mail domain are refused, too, the provider has blocked us, and
    nobody there has asked us to stop.
    """
    days = []
    for left_at, came_back in _newest(mail):
        if not came_back:
            return False
        if left_at.date() not in days:
            days.append(left_at.date())
        if len(days) == REFUSED_DAYS:
            return not _are_all_refused(mail.email, since=days[-1], before=days[0])
    return False


def _newest(mail):
    """(when it left, whether it came back) of the newest mails to an address.

    They are ordered newest first. `mail` itself came back, but that is not noted yet.
    """
    others = OutgoingMail.objects.to_address(mail.email).exclude(pk=mail.pk)
    newest = [(mail.settled_at or timezone.now(), True), *_left(others)[:MOST_MAILS]]
    return sorted(newest, reverse=True)


def _left(mails):
    left = mails.filter(outcome__in=STAYED_OR_NOT).order_by("-settled_at")
    came_back = Q(outcome=Outcome.REFUSED) | Q(bounced_at__isnull=False)
    return left.annotate(came_back=came_back).values_list("settled_at", "came_back")


def _are_all_refused(email, since, before):
    """Whether others of the domain were sent mails on these days, and none arrived.

    The newest day is left out, since its mails may still come back.
    """
    domain = email.rpartition("@")[2]
    there = Supporter.objects.alias(domain=DomainOfEmail("email")).filter(domain=domain)
    others = there.exclude(email=email).exclude(updates=None).values_list("email")
    hashes = [address_hash(other) for (other,) in others.distinct()[:NEIGHBOURS]]
    mails = OutgoingMail.objects.filter(
        address_hash__in=hashes,
        settled_at__date__gte=since,
        settled_at__date__lt=before,
    )
    outcomes = [came_back for _left_at, came_back in _left(mails)]
    return bool(outcomes) and all(outcomes)
