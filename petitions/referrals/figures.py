"""Signatures by the link that people came by, for the desk: numbers, and no names."""

from operator import itemgetter

from django.db.models import Count, Sum
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from campaigns.sharing import CHANNELS
from petitions.counting.models import (
    NO_LINK,
    OTHERS,
    SUPPORTERS,
    ReferralDayCount,
    kept_code,
)
from petitions.signing.models import Signature
from supporters.acts.equal_posts import but_repeats

NAMES = {
    NO_LINK: _("Without a share link: from a search, typed in, or passed on"),
    SUPPORTERS: _("Supporters’ own links"),
    OTHERS: _("Other words at the end of the link"),
}


def by_referral(petition, period):
    """(name, (counted, signed)) of each link, in three statements; the best one first.

    They are about people who signed in the period. Codes that somebody made up fill one
    row, however many they are. A link that brought nobody has a row, too, since that is
    worth knowing.
    """
    own = {link.code: link.name for link in petition.referral_links.all()}
    known = {**CHANNELS, **own}
    found = dict.fromkeys(own, (0, 0))
    for code, signed, counted in _noted(petition, period):
        # A link that is gone, or has another code now.
        kept = code if code in known or code in NAMES else OTHERS
        before = found.get(kept, (0, 0))
        found[kept] = before[0] + counted, before[1] + signed
    names = {**NAMES, **known}
    rows = [(names[code], numbers) for code, numbers in found.items()]
    return sorted(rows, key=itemgetter(1), reverse=True)


def signed_lately(petition, period):
    """Signatures of the period that no task has added up yet, by day and kept code.

    It is asked only since then, or PostgreSQL would read all of the period.
    """
    rows = Signature.objects.filter(petition=petition, **period.within("created_at"))
    if petition.signed_noted_until:
        rows = rows.filter(created_at__gte=petition.signed_noted_until)
    code = RawSQL(kept_code(Signature._meta.db_table), [])
    rows = but_repeats(rows).annotate(day=period.day_of("created_at"), code=code)
    return rows.order_by().values("day", "code").annotate(signed=Count("pk"))


def _noted(petition, period):
    """Kept codes, each with how many signed and how many are counted, in any order."""
    days = ReferralDayCount.objects.filter(
        petition=petition, **period.within("day", days=True)
    )
    yield from days.values_list("code").annotate(Sum("signed"), Sum("counted"))
    for row in signed_lately(petition, period):
        yield row["code"], row["signed"], 0
