"""What readers report, and which reports moderators see first: one rule.

A reader is known by the network of a report, as a keyed hash, for as long as that is
kept. What counts is how often moderators agreed with this reader before. Nobody else
learns it, and no report is left out.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

# The place of a comment among those that wait (Comment.turn).
FIRST, USUAL, LAST = range(3)
# A reader who was right so often, and wrong less than half as often, is seen first.
# With the numbers changed over, the comment is seen last.
OFTEN_RIGHT, OFTEN_WRONG = 2, 3


@dataclass(frozen=True)
class ReaderRecord:
    """How often moderators agreed with the earlier reports of a reader."""

    right: int = 0
    wrong: int = 0

    @property
    def turn(self):
        if self.right >= OFTEN_RIGHT and self.right > 2 * self.wrong:
            return FIRST
        if self.wrong >= OFTEN_WRONG and self.wrong > 2 * self.right:
            return LAST
        return USUAL

    @property
    def words(self):
        """Why the report counts as it does, for staff; "" for an unknown reader."""
        total = self.right + self.wrong
        if not total:
            return ""
        said = _("This reader was right %(right)d of %(total)d times.") % {
            "right": self.right,
            "total": total,
        }
        place = {
            FIRST: _("So the comment waits in front."),
            LAST: _("So the comment waits behind the others."),
        }.get(self.turn, "")
        return " ".join(filter(None, [said, place]))


def report(comment, *, reason, words, network_hash, notice=None):
    """Note a reader's report, one open report for a network; queue the comment."""
    with comment.locked() as (_thread, mine):
        known = mine.reports.open().filter(network_hash=network_hash)
        if mine.is_shown and not (network_hash and known.exists()):
            made = mine.reports.create(
                reason=reason,
                words=words,
                network_hash=network_hash,
                reported_at=timezone.now(),
                notice=notice,
            )
            mine.queued_at = mine.queued_at or made.reported_at
            mine.turn = turn_of(mine)
            mine.version += 1
            mine.save(update_fields=["queued_at", "turn", "version"])


def with_records(reports):
    """The reports, each with its reader's record as `record`; two statements."""
    found = list(reports)
    hashes = {each.network_hash for each in found} - {""}
    decided = reports.model.objects.filter(
        network_hash__in=hashes, was_right__isnull=False
    )
    numbers = (
        decided.order_by()
        .values_list("network_hash")
        .annotate(
            right=Count("pk", filter=Q(was_right=True)),
            wrong=Count("pk", filter=Q(was_right=False)),
        )
    )
    records = {key: ReaderRecord(right, wrong) for key, right, wrong in numbers}
    for each in found:
        each.record = records.get(each.network_hash, ReaderRecord())
    return found


def turn_of(comment):
    """The place in the queue that the open reports of a comment give it.

    A notice of illegal content is always seen first.
    """
    found = with_records(comment.reports.open())
    turns = {FIRST if each.notice_id else each.record.turn for each in found}
    return min(turns, default=USUAL)
