"""What the writer of a comment may do with it: change it, and appeal."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.functional import cached_property

from comments import repeats
from comments.reasons import DENIED
from comments.rules import POINTS
from comments.state import CommentState
from database.keyed_hashes import keyed_hash
from safeguards.mailbox import Mailbox
from safeguards.same_words import digest
from supporters.people.names import folded


class Writing:
    """The writer at their comment: `comment.by_writer.edit("Other words.", [])`.

    The page after posting and the links in mails lead to the same verbs. The views
    decide which of them a browser may use.
    """

    def __init__(self, comment):
        self.comment = comment

    @property
    def minutes_to_edit(self):
        return settings.COMMENT_EDIT_MINUTES

    @property
    def may_edit_until(self):
        return self.comment.created_at + timedelta(minutes=self.minutes_to_edit)

    @property
    def may_edit(self):
        """Whether the page after posting still lets its writer change it."""
        return self.may_remove and not self.was_answered

    @property
    def may_remove(self):
        """Whether the page after posting still lets its writer delete it."""
        in_time = timezone.now() < self.may_edit_until
        return in_time and self.comment.state in (
            CommentState.WAITING,
            CommentState.SHOWN,
        )

    @cached_property
    def was_answered(self):
        """Whether readers see an answer to it, so that its words have to stay.

        Otherwise an answer would seem to agree with what was written after it.
        """
        return self.comment.is_shown and self.comment.replies.readable().exists()

    @property
    def is_as_posted(self):
        """Whether it still has the words that were posted.

        Later words were written by the mailbox's owner, and somebody who only typed the
        address has no right to read them.
        """
        edited_at = self.comment.edited_at
        return edited_at is None or edited_at <= self.may_edit_until

    @property
    def is_denied(self):
        """Whether its owner says that it is not theirs; then nobody decides on it."""
        asked = self.comment.confirmation
        return bool(asked and asked.denied_at)

    @property
    def may_resubmit(self):
        """Whether the writer's page lets them change it, to be looked at again."""
        is_over = self.comment.is_removed or self.comment.hidden_for == "spam"
        return not (is_over or self.is_denied or self.was_answered)

    @property
    def may_appeal(self):
        """Whether there is a decision against which its writer has not appealed yet."""
        comment = self.comment
        return comment.is_hidden and not (comment.appealed_at or self.is_denied)

    def said_before(self):
        """A comment by which this person has said the same in this place, or None.

        Its owner has said yes to it, and it shows or waits. A person is a mailbox and a
        name; see writer_hash().
        """
        comment = self.comment
        if not (comment.writer and comment.text_digest):
            return None
        same = type(comment).objects.filter(
            campaign=comment.campaign_id,
            parent=comment.parent_id,
            text_digest=comment.text_digest,
            writer=comment.writer,
            confirmation__used_at__isnull=False,
            state__in=(CommentState.WAITING, CommentState.SHOWN),
        )
        return same.exclude(pk=comment.pk).order_by("pk").first()

    @property
    def is_vouched_for(self):
        """Whether another comment by this mailbox and under this name was approved."""
        approved = type(self.comment).objects.of_approved_writer(self.comment.writer)
        return approved.exclude(pk=self.comment.pk).exists()

    def take(self, findings, *, is_known):
        """Set what the rules found in its text, and show the comment or queue it.

        It shows when its writer is known and nothing was found. The caller saves it.
        """
        comment = self.comment
        comment.findings = [finding.as_row for finding in findings]
        comment.spam_points = sum(finding.points for finding in findings)
        comment.version += 1
        if is_known and not any(finding.holds for finding in findings):
            comment.queued_at = None
            comment.become(CommentState.SHOWN, timezone.now())
        else:
            comment.queued_at = comment.edited_at or comment.created_at

    def drop_finding(self, rule):
        """Forget that this rule found something. The caller saves it."""
        comment = self.comment
        comment.findings = [row for row in comment.findings if row[0] != rule]
        comment.spam_points = sum(POINTS[rule] for rule, _detail in comment.findings)

    def edit(self, text, findings, *, language="", proven=None):
        """Change its text and its language, if given; a moderator looks at it again.

        False when it is gone, or was answered meanwhile.

        It shows at once again only if it showed at once before and nobody has had a
        reason to look at it: no decision, no report, no appeal. A writer cannot undo
        what a moderator has decided.
        """
        with self.comment.locked() as (thread, comment):
            writing = comment.by_writer
            if not (writing.may_edit or writing.may_resubmit):
                return False
            is_untouched = comment.first_decided_at is None and not (
                comment.is_hidden
                or comment.appealed_at
                or comment.reports.to_decide().exists()
            )
            if comment.appeal_waits:
                comment.appeal_outcome = "withdrawn"
            comment.become(CommentState.WAITING)
            comment.edited_at, comment.writer_told = timezone.now(), ""
            if (text_digest := digest(text)) != comment.text_digest:
                repeats.hand_on(comment)
                comment.repeats = None
            comment.text, comment.text_digest = text, text_digest
            comment.written_in = language or comment.written_in
            is_proven = proven == comment.confirmation.supporter and is_untouched
            is_known = is_proven and writing.is_vouched_for
            writing.take(findings, is_known=is_known)
            if comment.repeats_id:
                comment.queued_at = None
            comment.save()
            thread.recount(comment.root_id or comment.pk)
        self.comment.refresh_from_db()
        return True

    def appeal(self, words):
        """Ask another moderator to decide, once.

        False when there is nothing to appeal.
        """
        with self.comment.locked() as (_thread, comment):
            if not comment.by_writer.may_appeal:
                return False
            comment.appeal, comment.appealed_at = words, timezone.now()
            comment.repeats = None
            comment.queued_at, comment.spam_points = comment.appealed_at, 0
            comment.version += 1
            comment.save()
        self.comment.refresh_from_db()
        return True


def writer_hash(email, name):
    """A hash that is equal for comments of one mailbox under one name."""
    who = f"{Mailbox(email).seat}\n{folded(name) or name.casefold()}"
    return keyed_hash("writer", who)[:16].hex()


def take_off(comment):
    """Hide it: its owner says that it is not theirs, and no moderator decides.

    A repeat of it takes its place, since another person may have written that. If it
    repeats another one itself, it showed by the decision about that one. If it is put
    back, it waits for a decision of its own. What is hidden already stays hidden.
    """
    with comment.locked() as (thread, mine):
        if mine.is_removed:
            return
        if not mine.is_hidden:
            if mine.repeats_id:
                mine.shown_at = None
            repeats.hand_on(mine)
            mine.repeats = None
            mine.become(CommentState.HIDDEN, timezone.now(), reason=DENIED)
        mine.queued_at = None
        mine.version += 1
        mine.save()
        thread.recount(mine.root_id or mine.pk)


def put_back(comment):
    """Let it show or wait again, as before it was taken off."""
    with comment.locked() as (thread, mine):
        if mine.is_hidden and mine.hidden_for == DENIED:
            mine.become(
                CommentState.SHOWN if mine.shown_at else CommentState.WAITING,
                mine.shown_at,
            )
        mine.queued_at = mine.waits_since
        mine.version += 1
        mine.save()
        thread.recount(mine.root_id or mine.pk)
