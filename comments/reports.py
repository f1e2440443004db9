"""What readers report; a notice of illegal content is seen first (decision 9)."""

from django.utils import timezone

from supporters.notices.choices import Subject
from supporters.notices.models import FIRST, LAST, USUAL, Report


def report(comment, *, reason, words, network_hash):
    """Note a reader's report, one open report for a network; queue the comment."""
    with comment.locked() as (_thread, mine):
        if mine.is_shown and Report.objects.tell(
            Subject.COMMENT,
            mine,
            location=mine.get_absolute_url(),
            reason=reason,
            words=words,
            network_hash=network_hash,
        ):
            _queue(mine)


def notice(comment, notice):
    """Note a notice of illegal content about the comment; queue it."""
    with comment.locked() as (_thread, mine):
        if mine.is_shown:
            notice.subject, notice.subject_id = Subject.COMMENT, mine.pk
            notice.save(update_fields=["subject", "subject_id"])
            _queue(mine)


def turn_of(comment):
    """The place in the queue that the open reports of a comment give it.

    A notice of illegal content is seen first, unless it comes from a network that sends
    many; then it changes nothing.
    """
    notices = comment.reports.notices().to_decide()
    return FIRST if notices.exclude(turn=LAST).exists() else USUAL


def _queue(comment):
    comment.queued_at = comment.queued_at or timezone.now()
    comment.turn = turn_of(comment)
    comment.version += 1
    comment.save(update_fields=["queued_at", "turn", "version"])
