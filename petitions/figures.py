"""How a petition goes, for the desk: day by day, from where, by which links.

Past days come from what the fold and the nightly task have added up. Only what came
since is counted anew, so that a million signatures are as quick as a thousand.
Countries and links need one pass over the signatures of the period.
"""

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from petitions.counting.models import DayCount, TallyEntry
from petitions.petition import Petition
from petitions.referrals.figures import by_referral
from petitions.signing.models import Signature
from reporting.figures import ByKind, Figure, OverTime, Period, by_day


def figures():
    sees = "petitions.view_petition"
    return [
        Figure("signatures", _("Signatures"), sees, signatures),
        Figure("countries", _("Countries"), sees, by_country),
        Figure("links", _("Where people came from"), sees, by_link),
    ]


def signatures(campaign, period):
    of_days = DayCount.objects.filter(
        petition__campaign=campaign, **period.within("day", days=True)
    )
    labels = [_("Signed"), _("Added to the count"), _("Taken back")]
    series = by_day(of_days.values_list("day", "signed", "added", "removed"), labels)
    signed = series[labels[0]]
    for day, number in _signed_lately(campaign, period):
        signed[day] = signed.get(day, 0) + number
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


def by_country(campaign, period):
    if period.first is None:
        rows = TallyEntry.objects.filter(petition__campaign=campaign)
        rows = rows.values_list("country").annotate(total=Sum("delta"))
        rows = rows.filter(total__gt=0)
        note = _("The number on the campaign’s page, with names on paper.")
    else:
        rows = Signature.objects.counted().filter(
            petition__campaign=campaign, **period.within("created_at")
        )
        rows = rows.values_list("country").annotate(total=Count("pk"))
        note = _(
            "People who signed in this time and count. Names on paper are in “All "
            "time” only."
        )
    rows = list(rows.order_by("-total", "country"))
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
    rows = []
    if petition is not None:
        rows, _total = by_referral(petition, period.begins, period.ends)
    return ByKind(
        [_("Link"), _("Counted"), _("Signed")],
        [(row.name, [row.counted, row.signed]) for row in rows],
        note=_(
            "This is about people who signed in this time. We delete unconfirmed "
            "signatures after a few days, so “signed” is complete only for the "
            "newest days."
        ),
    )


def sparks(campaigns):
    """What was added to each campaign's count in the last days, by campaign."""
    period = Period.of("30")
    rows = DayCount.objects.filter(
        petition__campaign__in=campaigns, **period.within("day", days=True)
    )
    added = {campaign.pk: {} for campaign in campaigns}
    for pk, day, number in rows.values_list("petition__campaign", "day", "added"):
        added[pk][day] = number
    label = _("Added to the count")
    return {pk: OverTime({label: numbers}, period) for pk, numbers in added.items()}


def _signed_lately(campaign, period):
    """(day, number) of the signatures that the nightly task has not added up yet."""
    not_noted = Q(petition__signed_noted_until=None) | Q(
        created_at__gte=F("petition__signed_noted_until")
    )
    rows = Signature.objects.filter(
        not_noted, petition__campaign=campaign, **period.within("created_at")
    )
    days = rows.annotate(day=period.day_of("created_at")).order_by()
    return days.values_list("day").annotate(number=Count("pk"))


def _percent(number, total):
    return round(100 * number / total, 1) if total else None
