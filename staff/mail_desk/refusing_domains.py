"""Updates to a mail domain that refuses wait for a time, and staff are told.

Whoever sends on at full pace loses the reputation that confirmations need. What
somebody waits for goes on to leave, each mail that was put off later than before; how
many conversations their server has with ours is the business of the relay. A pause ends
by itself, but what staff have decided does not.
"""

from datetime import timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.failing import (
    CAME_BACK,
    ENDED_BULK,
    PUT_OFF,
    TROUBLE_LEAST,
    TROUBLE_PERCENT,
)
from outbox.models import Outcome, OutgoingMail, PausedDomain
from outbox.purposes import Lane
from staff.alerts.models import REFUSES, Alert

# A domain asks for less when TROUBLE_LEAST mailboxes, and more than this share of those
# that were mailed in an hour, were put off or refused. It refuses updates when more
# than TROUBLE_PERCENT of a day's came back.
LESS_PERCENT = 10
AN_HOUR, A_DAY, JUST_NOW = timedelta(hours=1), timedelta(days=1), timedelta(minutes=3)
# Once it is free, its server is asked again for so long before we listen.
PEACE = timedelta(minutes=10)
# So many hours updates wait, if their server refuses them, or asks us to send less.
PAUSE_HOURS, PAUSE_HOURS_IF_LESS = 24, 2
# Only so many mails are looked at, so that a peak costs no more than a quiet hour.
NEWEST = 50_000
# "Later, you send too much", and "no, by our policy" (RFC 3463). That an address is no
# good says nothing of the domain, and greylisting asks everybody to try again.
_LESS = r"(^|[^\d.])(421|4\.7\.\d+)([^\d.]|$)"
_POLICY = r"(^|[^\d.])5\.7\.\d+"
_GREYLISTED = r"gr[ea]y-?list"


def check_and_alert():
    """Pause or free the domains of whose servers we know something new.

    Called each minute. It reads few rows unless a domain has just refused. What waits
    already goes on to wait, as staff or an earlier look have decided.
    """
    now = timezone.now()
    asking, refusing = _asking_for_less(now - AN_HOUR), _refusing_updates(now)
    for paused in PausedDomain.objects.filter(until__lte=now):
        # Unless staff have decided about it since it was read.
        PausedDomain.objects.filter(pk=paused.pk, until__lte=now).delete()
        _told(paused.domain).close()
    known = PausedDomain.objects.in_bulk({*asking, *refusing}, field_name="domain")
    for domain in sorted({*asking, *refusing} - set(known)):
        if number := domain in refusing and _refused_updates(domain, now):
            reason = _("Its server refused %(number)d updates in a day.")
            _pause(domain, number, PAUSE_HOURS, reason % {"number": number})
        elif domain in asking and _asks_for_less(domain, now):
            reason = _("Its server told us to send less.")
            _pause(domain, asking[domain], PAUSE_HOURS_IF_LESS, reason)


def _pause(domain, number, hours, reason):
    paused, _is_new = PausedDomain.objects.get_or_create(
        domain=domain,
        defaults={
            "only_bulk": True,
            "reason": reason,
            "until": timezone.now() + timedelta(hours=hours),
        },
    )
    Alert.objects.sound(
        REFUSES,
        f"{domain} {paused.pk}",
        lambda: _("Updates to a mail domain are paused"),
        lambda: (
            _(
                "The server of %(domain)s refused our emails to %(number)d mailboxes. "
                "Updates and digests to it wait for %(hours)d hours, and none is lost. "
                "See what its server says. You can resume it before that."
            )
            % {"domain": domain, "number": number, "hours": hours}
        ),
        reverse("admin:outbox_pauseddomain_change", args=[paused.pk]),
    )


def _told(domain):
    return Alert.objects.filter(kind=REFUSES, about__startswith=f"{domain} ")


def _asking_for_less(since):
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


def _asks_for_less(domain, now):
    """Whether more than their share was refused in the last hour.

    A domain that was just let free is tried in peace: what was put off before still
    waits, and its server has not been asked again.
    """
    since = now - AN_HOUR
    if _told(domain).filter(closed_at__gt=now - PEACE).exists():
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
    return refused >= TROUBLE_LEAST and refused * 100 > number * LESS_PERCENT


def _refusing_updates(now):
    """The domains that have just refused updates, and before in a day, too."""
    came_back = _updates_since(now - A_DAY).filter(CAME_BACK)
    last = Max(Greatest("settled_at", "bounced_at"))
    by_domain = came_back.order_by().values_list("domain", flat=True)
    number = Count("address_hash", distinct=True)
    found = by_domain.annotate(n=number, last=last)
    return set(found.filter(n__gte=TROUBLE_LEAST, last__gt=now - JUST_NOW))


def _refused_updates(domain, now):
    """How many mailboxes refused updates, if those are too many; or else 0.

    Counting begins anew when the domain is let free. No more rows are read than it
    takes to know that the refusals are no more than their share.
    """
    freed = _told(domain).aggregate(at=Max("closed_at"))["at"]
    since = max(each for each in (now - A_DAY, freed) if each)
    updates = _updates_since(since).filter(domain=domain).order_by()
    number = _mailboxes(updates.filter(CAME_BACK))
    enough = number * 100 // TROUBLE_PERCENT
    too_many = number >= TROUBLE_LEAST and updates[: enough + 1].count() < enough
    return number if too_many else 0


def _updates_since(moment):
    """Updates and digests that a server has taken or refused."""
    ended = [Outcome.SENT, Outcome.REFUSED]
    return OutgoingMail.objects.filter(
        ENDED_BULK, outcome__in=ended, settled_at__gt=moment
    )


def _mailboxes(mails):
    return mails.aggregate(n=Count("address_hash", distinct=True))["n"]
