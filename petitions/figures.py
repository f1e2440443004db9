"""How a petition goes, for the desk: day by day, from where, by which links.

They come from what the roll-up of every ten seconds and the task of every ten minutes
have added up. Only who has signed since is counted anew, so that a million signatures
are as quick as a thousand.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.sharing import SHARED
from petitions.counting.models import (
    SUPPORTERS,
    DayCount,
    ReferralDayCount,
    TallyEntry,
)
from petitions.petition import Petition
from petitions.referrals.figures import by_referral, signed_lately
from reporting.figures import ByKind, Figure, OverTime, Period
from reporting.funnel import FunnelStep

_SHARED = {*SHARED, SUPPORTERS}
GREW = Sum(F("added") - F("removed"))


def figures():
    sees = "petitions.view_petition"
    return [
        Figure("signatures", _("Signatures"), sees, signatures),
        Figure("countries", _("Countries"), sees, by_country),
        Figure("links", _("Where people came from"), sees, by_link),
    ]


def signatures(campaign, period):
    known = Days.of(campaign, period)
    series = {
        _("Signed"): known.signed,
        _("Added to the count"): known.added,
        _("Taken back"): known.removed,
    }
    return OverTime(
        series,
        period,
        note=_(
            "“Signed” shows everybody who sent the form, confirmed or not. “Added "
            "to the count” shows those who confirmed on that day. Names on paper "
            "are added on the day somebody counted them. “Taken back” shows names "
            "that left the count."
        ),
    )


def funnel(user, campaign, period):
    """Who signed, whose name was added to the count, and who came by a shared link."""
    if not user.has_perm("petitions.view_petition"):
        return []
    if not Petition.objects.filter(campaign=campaign).exists():
        return []
    known = Days.of(campaign, period)
    return [
        FunnelStep(2, "signed", _("Signed"), known.signed),
        FunnelStep(
            3,
            "confirmed",
            _("Confirmed"),
            known.added,
            _("Added to the count on that day, with names on paper."),
        ),
        FunnelStep(
            5,
            "shared",
            _("Signed by a shared link"),
            known.by_shared_link,
            _(
                "We do not see who shares. We count people who sign by a link that "
                "somebody passed on."
            ),
            is_part=True,
        ),
    ]


def countries_of(petition):
    """(country, how many of the count are from there), most first; "" is unknown."""
    entries = TallyEntry.objects.filter(petition=petition.pk)
    return _totals(entries.values_list("country").annotate(total=Sum("delta")))


def growth_of(petition):
    """By day how much the count grew; less on days when more names left than came.

    Days are the campaign's own, and add up to the count.
    """
    return dict(petition.days.values_list("day").annotate(grew=GREW))


def _totals(rows):
    return list(rows.filter(total__gt=0).order_by("-total", "country"))


def by_country(campaign, period):
    if period.first is None:
        rows = TallyEntry.objects.filter(petition__campaign=campaign)
        rows = rows.values_list("country").annotate(total=Sum("delta"))
        note = _("The number on the campaign’s page, with names on paper.")
    else:
        rows = DayCount.objects.filter(
            petition__campaign=campaign, **period.within("day", days=True)
        )
        rows = rows.exclude(country="").values_list("country").annotate(total=GREW)
        note = ""
    rows = _totals(rows)
    total = sum(number for _country, number in rows)
    return ByKind(
        [_("Country"), _("Signatures"), _("Percent")],
        [
            (countries.name(country) or country, [number, _percent(number, total)])
            for country, number in rows
        ],
        note=note,
    )


def by_link(campaign, period):
    petition = Petition.objects.filter(campaign=campaign).first()
    return ByKind(
        [_("Link"), _("Counted"), _("Signed")],
        by_referral(petition, period) if petition else [],
        note=_(
            "This is about people who signed in this time. “Counted” shows those who "
            "have confirmed and not taken their name back."
        ),
    )


def sparks(campaigns):
    """What was added to each campaign's count in the last days, by campaign."""
    period = Period.of("30")
    rows = DayCount.objects.filter(
        petition__campaign__in=campaigns, **period.within("day", days=True)
    )
    added = {campaign.pk: {} for campaign in campaigns}
    by_day = rows.values_list("petition__campaign", "day").annotate(Sum("added"))
    for pk, day, number in by_day.order_by():
        added[pk][day] = number
    label = _("Added to the count")
    return {pk: OverTime({label: numbers}, period) for pk, numbers in added.items()}


@dataclass
class Days:
    """The numbers of each day of a petition that has any."""

    signed: Counter = field(default_factory=Counter)
    added: Counter = field(default_factory=Counter)
    removed: Counter = field(default_factory=Counter)
    by_shared_link: Counter = field(default_factory=Counter)

    @classmethod
    def of(cls, campaign, period):
        """What is added up, and who has signed since; the count is ten seconds old."""
        found = cls()
        petition = Petition.objects.filter(campaign=campaign).first()
        if petition is None:
            return found
        known = {"petition": petition, **period.within("day", days=True)}
        rows = DayCount.objects.filter(**known)
        for day, added, removed in rows.values_list("day", "added", "removed"):
            found.added[day] += added
            found.removed[day] += removed
        for rows in (
            ReferralDayCount.objects.filter(**known),
            signed_lately(petition, period),
        ):
            for day, code, signed in rows.values_list("day", "code", "signed"):
                found.signed[day] += signed
                if code in _SHARED:
                    found.by_shared_link[day] += signed
        return found


def _percent(number, total):
    return round(100 * number / total, 1) if total else None
