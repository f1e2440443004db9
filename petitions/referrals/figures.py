"""Signatures by the link that people came by, for the desk: numbers, and no names."""

from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from campaigns.sharing import CHANNELS, LONGEST

NONE, SUPPORTERS, OTHERS = "", "*", "?"
NAMES = {
    NONE: _("No such link: from a search, typed, or passed on without it"),
    SUPPORTERS: _("Supporters’ own links"),
    OTHERS: _("Other words at the end of the link"),
}


@dataclass(frozen=True)
class ReferralRow:
    """What came by one kind of link. All kinds together counted `of`."""

    name: str
    code: str
    signed: int
    counted: int
    of: int = 0

    @property
    def confirmed_share(self):
        return _percent(self.counted, self.signed)

    @property
    def share(self):
        return _percent(self.counted, self.of)


def by_referral(petition, since=None, until=None):
    """Rows and their total, the rows that brought most first; two statements.

    Codes are looked up here, and not when somebody signs. Codes that somebody made up
    fill one row, however many they are.
    """
    own = {link.code: link.name for link in petition.referral_links.all()}
    known = {**CHANNELS, **own}
    signatures = petition.signatures.all()
    if since is not None:
        signatures = signatures.filter(created_at__gte=since)
    if until is not None:
        signatures = signatures.filter(created_at__lt=until)
    kind = Case(
        When(referral_code=None, then=Value(NONE)),
        When(referral_code__in=list(known), then=F("referral_code")),
        When(Q(length=LONGEST), then=Value(SUPPORTERS)),
        default=Value(OTHERS),
    )
    grouped = (
        signatures.annotate(length=Length("referral_code"), kind=kind)
        .order_by()
        .values("kind")
        # Counting the key would read the table, since the index does not hold it.
        .annotate(
            signed=Count("created_at"),
            those_counted=Count("created_at", filter=Q(counted=True)),
        )
    )
    found = {row["kind"]: (row["signed"], row["those_counted"]) for row in grouped}
    total = ReferralRow(
        _("Total"),
        "",
        sum(signed for signed, _counted in found.values()),
        sum(counted for _signed, counted in found.values()),
    )
    # A referral link that brought nobody has a row, too, since that is worth knowing.
    rows = [
        ReferralRow(
            name=known.get(code) or NAMES[code],
            code=code if code in known else "",
            signed=signed,
            counted=counted,
            of=total.counted,
        )
        for code, (signed, counted) in (dict.fromkeys(own, (0, 0)) | found).items()
    ]
    return sorted(rows, key=lambda row: (-row.counted, -row.signed, row.code)), total


def _percent(part, whole):
    return 100 * part / whole if whole else None
