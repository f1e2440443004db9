"""Mail domains that refuse too many of a day's updates get no more until staff look.

Whoever sends on to a server that refuses loses the reputation that confirmations need.
These, and all else that somebody waits for, go on to leave.
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

A_DAY, JUST_NOW = timedelta(days=1), timedelta(minutes=3)


def pause_who_refuse():
    """Pause updates to domains that refuse more than TROUBLE_PERCENT, and tell staff.

    Called each minute. It reads few rows unless a domain has just refused: then as many
    as it takes to know that the refusals are no more than that.
    """
    now = timezone.now()
    came_back = _updates_since(now - A_DAY).filter(CAME_BACK)
    last = Max(Greatest("settled_at", "bounced_at"))
    found = came_back.values("domain").annotate(number=Count("pk"), last=last)
    for row in found.filter(
        number__gte=TROUBLE_LEAST, last__gt=now - JUST_NOW
    ).order_by():
        if PausedDomain.objects.filter(domain=row["domain"]).exists():
            continue
        _look_at(row["domain"], now - A_DAY)


def _look_at(domain, since):
    told = Alert.objects.filter(kind=REFUSES, about__startswith=f"{domain} ")
    resumed = told.aggregate(at=Max("closed_at"))["at"]
    updates = _updates_since(max(since, resumed or since)).filter(domain=domain)
    number = updates.filter(CAME_BACK).count()
    enough = number * 100 // TROUBLE_PERCENT
    if number < TROUBLE_LEAST or updates.order_by()[: enough + 1].count() >= enough:
        return
    reason = _("Its server refused %(number)d updates in a day.") % {"number": number}
    paused, is_new = PausedDomain.objects.get_or_create(
        domain=domain, defaults={"only_bulk": True, "reason": reason}
    )
    if is_new:
        page = reverse("admin:outbox_pauseddomain_change", args=[paused.pk])
        Alert.objects.sound(
            REFUSES,
            f"{domain} {paused.pk}",
            lambda: _("Updates to a mail domain are paused"),
            lambda: (
                _(
                    "%(domain)s refused %(number)d of our updates in a day, which is "
                    "more than %(percent)d%%. Updates to it wait, and none is lost. "
                    "See what its server says, then resume it."
                )
                % {"domain": domain, "number": number, "percent": TROUBLE_PERCENT}
            ),
            page,
        )


def _updates_since(moment):
    """Updates that a server has taken or refused."""
    ended = [Outcome.SENT, Outcome.REFUSED]
    return OutgoingMail.objects.filter(
        ENDED_BULK, purpose="update", outcome__in=ended, settled_at__gt=moment
    )
