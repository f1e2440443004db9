"""What readers report, and which reports moderators see first.

What counts is how often moderators agreed with this reader before
(safeguards/reader_record.py).
"""

from django.db.models import Q
from django.utils import timezone

from safeguards.reader_record import (
    FIRST,
    LAST,
    USUAL,
    ReaderRecord,
    records_of,
)


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
    hashes = [each.network_hash for each in found]
    right, wrong = Q(was_right=True), Q(was_right=False)
    records = records_of(hashes, reports.model.objects, right=right, wrong=wrong)
    for each in found:
        each.record = records.get(each.network_hash, ReaderRecord())
    return found


def turn_of(comment):
    """The place in the queue that the open reports of a comment give it.

    A notice of illegal content is seen first, unless it comes from a network that
    sends many, or was often wrong; then it changes nothing.
    """
    found = with_records(comment.reports.open().select_related("notice"))
    return min(map(_turn, found), default=USUAL)


def _turn(report):
    if report.notice is None:
        return report.record.turn
    return USUAL if report.notice.turn == LAST else FIRST
