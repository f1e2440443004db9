"""Mail domains that begin to refuse get less for a time, and staff are told.

Whoever sends on at full pace loses the reputation that confirmations need. First such a
domain gets a tenth of the mails. If it goes on to refuse, updates and digests wait for
some hours. Both end by themselves.
"""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.failing import CAME_BACK, PUT_OFF, TROUBLE_LEAST
from outbox.models import Outcome, OutgoingMail, PausedDomain
from outbox.purposes import Lane
from staff.alerts.models import REFUSES, Alert

# What counts is of the last hour: more mailboxes than TROUBLE_LEAST, and more than this
# share of those that were mailed.
TROUBLE_SHARE_PERCENT = 10
AN_HOUR, PAUSE_HOURS = timedelta(hours=1), 2
# Only so many mails are looked at, so that a peak costs no more than a quiet hour.
NEWEST = 50_000
# "Later, you send too much", and "no, by our policy" (RFC 3463). That an address is no
# good says nothing of the domain, and greylisting asks everybody to try again.
_LESS = r"(^|[^\d.])(421|4\.7\.\d+)([^\d.]|$)"
_POLICY = r"(^|[^\d.])5\.7\.\d+"
_GREYLISTED = r"gr[ea]y-?list"


def look():
    """Slow, pause or free the domains of whose servers we know something new."""
    now = timezone.now()
    refusing = _refusing(now - AN_HOUR)
    for paused in PausedDomain.objects.filter(until__lte=now):
        _go_on(paused, refusing.get(paused.domain, 0), now)
    known = set(PausedDomain.objects.values_list("domain", flat=True))
    for domain, number in refusing.items():
        if domain not in known and _is_in_trouble(domain, now - AN_HOUR):
            _slow(domain, number, now)


def _slow(domain, number, now):
    paused = PausedDomain.objects.create(
        domain=domain,
        is_slow=True,
        until=now + AN_HOUR,
        reason=_("Its server told us to send less."),
    )
    _tell(
        paused,
        "",
        lambda: _("Emails to a mail domain are slowed"),
        lambda: (
            _(
                "The server of %(domain)s told us to send less, or refused our emails "
                "to %(number)d mailboxes in an hour. We send it a tenth, and first "
                "what people are waiting for. This ends when it takes our emails "
                "again."
            )
            % {"domain": domain, "number": number}
        ),
    )


def _go_on(paused, number, now):
    """What follows at the end of a time that a domain was slowed, or paused."""
    mine = PausedDomain.objects.filter(pk=paused.pk)
    if paused.only_bulk:  # try gently again
        mine.update(only_bulk=False, until=now + AN_HOUR)
    elif number >= TROUBLE_LEAST and _is_in_trouble(paused.domain, now - AN_HOUR):
        mine.update(only_bulk=True, until=now + timedelta(hours=PAUSE_HOURS))
        _tell(
            paused,
            " paused",
            lambda: _("Updates to a mail domain are paused"),
            lambda: (
                _(
                    "The server of %(domain)s still refuses our emails. Updates and "
                    "digests to it wait for %(hours)d hours, and none is lost. All "
                    "other emails leave slowly. See what its server says."
                )
                % {"domain": paused.domain, "hours": PAUSE_HOURS}
            ),
        )
    else:
        mine.delete()
        _told(paused.domain).close()


def _tell(paused, what, subject, words):
    page = reverse("admin:outbox_pauseddomain_change", args=[paused.pk])
    about = f"{paused.domain} {paused.pk}{what}"
    Alert.objects.sound(REFUSES, about, subject, words, page)


def _told(domain):
    return Alert.objects.filter(kind=REFUSES, about__startswith=f"{domain} ")


def _refusing(since):
    """How many mailboxes of each domain were refused, where there are enough."""
    by_domain = _refused(since).order_by().values_list("domain")
    found = by_domain.annotate(n=Count("address_hash", distinct=True))
    return dict(found.filter(n__gte=TROUBLE_LEAST))


def _refused(since):
    """Mails that their server has put off or refused by its policy, since a moment.

    A mail to an address that has never taken one, for which somebody has filled in a
    form, says nothing: anybody could make a domain refuse by inventing addresses there.
    """
    less = PUT_OFF & Q(due_at__gt=since, reply__regex=_LESS)
    policy = CAME_BACK & Q(settled_at__gt=since, reply__regex=_POLICY)
    greylisted = Q(reply__iregex=_GREYLISTED)
    taken = OutgoingMail.objects.filter(
        address_hash=OuterRef("address_hash"), outcome=Outcome.SENT, bounced_at=None
    )
    asked = Q(lane=Lane.WAITED) & ~Exists(taken)
    refused = OutgoingMail.objects.filter(less | policy)
    return refused.exclude(greylisted).exclude(asked)


def _is_in_trouble(domain, since):
    """Whether more than their share was refused.

    A domain that was let free since then is tried in peace: what was put off before
    still waits, and its server has not been asked again.
    """
    if _told(domain).filter(closed_at__gt=since).exists():
        return False
    refused = _mailboxes(_refused(since).filter(domain=domain))
    newest = OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first()
    taken = OutgoingMail.objects.filter(
        pk__gt=(newest or 0) - NEWEST,
        domain=domain,
        outcome=Outcome.SENT,
        settled_at__gt=since,
        bounced_at=None,
    )
    number = refused + _mailboxes(taken)
    return refused >= TROUBLE_LEAST and refused * 100 > number * TROUBLE_SHARE_PERCENT


def _mailboxes(mails):
    return mails.aggregate(n=Count("address_hash", distinct=True))["n"]
