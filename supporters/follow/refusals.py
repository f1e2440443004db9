"""Mailboxes that refuse us again and again, without a word about the address."""

from heapq import merge
from operator import itemgetter

from supporters.acts.because import Because
from supporters.follow.mailings import Copy
from supporters.people.models import DomainOfEmail, Supporter

# One 5.7.1 may be a bad day of a filter, or of ours. On three days, with no mail
# between them that stayed, it is an answer; and who writes on after it loses the name
# that all the other mails need.
REFUSED_DAYS = 3
MOST_MAILS = 50
NEIGHBOURS = 50


def stop_when_repeated(supporter, words):
    """End every mail that comes unasked to who has refused the last ones.

    Not while the others of their mail domain are refused, too: then it is us whom a
    provider has blocked, and nobody there has asked for anything to stop.
    """
    days = []
    for left_at, came_back in _newest(supporter) if supporter else ():
        if not came_back:
            return
        if left_at.date() not in days:
            days.append(left_at.date())
        if len(days) == REFUSED_DAYS:
            if not _are_all_refused(supporter, since=days[-1], before=days[0]):
                supporter.unsubscribe(Because.BOUNCED, words)
            return


def _newest(supporter):
    """(when it left, whether it came back) of the newest mails, the newest first."""
    copies = supporter.copies.exclude(handed_over_at=None, refused_at=None)
    mails = supporter.mails.all()
    kinds = [
        rows.order_by(f"-{left}").values_list(left, "refused_at", "bounced_at")
        for rows, left in ((copies, "settled_at"), (mails, "sent_at"))
    ]
    newest = merge(*(k[:MOST_MAILS] for k in kinds), key=itemgetter(0), reverse=True)
    for left_at, refused_at, bounced_at in newest:
        yield left_at, bool(refused_at or bounced_at)


def _are_all_refused(supporter, since, before):
    """Whether others of the domain got updates on these days, and none stayed there.

    The newest day is left out: what comes back of its mails is not known yet.
    """
    domain = supporter.email.rpartition("@")[2]
    there = Supporter.objects.alias(domain=DomainOfEmail("email")).filter(domain=domain)
    others = there.exclude(pk=supporter.pk).exclude(copies=None).values_list("pk")
    copies = Copy.objects.filter(
        supporter__in=[pk for (pk,) in others.distinct()[:NEIGHBOURS]],
        settled_at__date__gte=since,
        settled_at__date__lt=before,
    ).exclude(handed_over_at=None, refused_at=None)
    outcomes = copies.values_list("refused_at", "bounced_at")
    return bool(outcomes) and all(any(outcome) for outcome in outcomes)
