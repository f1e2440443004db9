"""What readers report; a notice of illegal content is seen first (decision 9)."""

from django.utils import timezone

from supporters.notices.models import FIRST, LAST, USUAL


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


def turn_of(comment):
    """The place in the queue that the open reports of a comment give it.

    A notice of illegal content is seen first, unless it comes from a network that sends
    many; then it changes nothing.
    """
    notices = comment.reports.open().exclude(notice=None)
    return FIRST if notices.exclude(notice__turn=LAST).exists() else USUAL
