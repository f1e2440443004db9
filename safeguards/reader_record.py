"""What a reader's earlier reports say about the next one: one rule (decision 58).

A reader is known by the network of a report, as a keyed hash, for as long as that is
kept. Nobody but staff learns what they are worth, and no report is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

# The place of something among those that wait.
FIRST, USUAL, LAST = range(3)
# A reader who was right so often, and wrong less than half as often, is seen first.
# With the numbers changed over, they are seen last.
OFTEN_RIGHT, OFTEN_WRONG = 2, 3


@dataclass(frozen=True)
class ReaderRecord:
    """How often staff agreed with the earlier reports of a reader."""

    right: int = 0
    wrong: int = 0

    @property
    def turn(self) -> int:
        if self.right >= OFTEN_RIGHT and self.right > 2 * self.wrong:
            return FIRST
        if self.wrong >= OFTEN_WRONG and self.wrong > 2 * self.right:
            return LAST
        return USUAL

    @property
    def words(self) -> str:
        """Why the report counts as it does, for staff; "" for an unknown reader."""
        total = self.right + self.wrong
        if not total:
            return ""
        said = _("This reader was right %(right)d of %(total)d times.") % {
            "right": self.right,
            "total": total,
        }
        place = {
            FIRST: _("So it waits in front."),
            LAST: _("So it waits behind the others."),
        }.get(self.turn, "")
        return " ".join(filter(None, [said, place]))


def records_of(
    hashes: Iterable[str], reports: QuerySet[Any], *, right: Q, wrong: Q
) -> dict[str, ReaderRecord]:
    """The records by network, from earlier reports; one statement.

    `right` and `wrong` say with which of these staff agreed, and with which not.
    """
    known = reports.filter(network_hash__in={*hashes} - {""}).order_by()
    numbers = known.values_list("network_hash").annotate(
        right=Count("pk", filter=right), wrong=Count("pk", filter=wrong)
    )
    return {key: ReaderRecord(right, wrong) for key, right, wrong in numbers}
