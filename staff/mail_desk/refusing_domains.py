"""Updates to a mail domain that refuses many wait for a day, and staff are told.

Whoever sends on at full pace loses the reputation that confirmations need. What
somebody waits for goes on to leave. What a server puts off leaves later each time; how
many conversations it has with ours is the business of the relay. A pause ends by
itself, but what staff have decided does not.
"""

from datetime import timedelta

from django.db.models import Count, Max
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.failing import CAME_BACK, ENDED_BULK, TROUBLE_LEAST, TROUBLE_PERCENT
from outbox.models import Outcome, OutgoingMail, PausedDomain
from staff.alerts.models import REFUSES, Alert

# So long updates wait, and so much of the past counts.
A_DAY, JUST_NOW = timedelta(days=1), timedelta(minutes=3)


def check_and_alert():
    """Pause or free the domains of whose servers we know something new.

    Called each minute. It reads few rows unless a domain has just refused. What waits
    already goes on to wait, as staff or an earlier look have decided.
    """
    now = timezone.now()
    for paused in PausedDomain.objects.filter(until__lte=now):
        # Unless staff have decided about it since it was read.
        PausedDomain.objects.filter(pk=paused.pk, until__lte=now).delete()
        _told(paused.domain).close()
    refusing = _refusing_updates(now)
    known = PausedDomain.objects.in_bulk(refusing, field_name="domain")
    for domain in sorted(refusing - set(known)):
        if number := _refused_updates(domain, now):
            _pause(domain, number, until=now + A_DAY)


def _pause(domain, number, until):
    reason = _("Its server refused %(number)d updates in a day.") % {"number": number}
    paused, _is_new = PausedDomain.objects.get_or_create(
        domain=domain,
        defaults={"only_bulk": True, "reason": reason, "until": until},
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
            % {"domain": domain, "number": number, "hours": 24}
        ),
        reverse("admin:outbox_pauseddomain_change", args=[paused.pk]),
    )


def _told(domain):
    return Alert.objects.filter(kind=REFUSES, about__startswith=f"{domain} ")


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
