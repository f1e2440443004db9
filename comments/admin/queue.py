"""What waits for a moderator, in the desk's order, and who holds it."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.state import CommentState
from staff.reach import within

KINDS = {
    "new": _("New"),
    "edited": _("Edited"),
    "reported": _("Reported"),
    "appeal": _("Appeal"),
    "shown": _("Shown"),
    "hidden": _("Hidden"),
    "removed": _("Removed"),
}


class Queue:
    """The desk's queue as one moderator sees it: of one campaign, or of all."""

    def __init__(self, moderator, campaign=None):
        self.moderator = moderator
        self.campaign = campaign

    @property
    def _all(self):
        """What waits in the campaigns whose comments this moderator may see."""
        found = within(self.moderator, Comment.objects.queued())
        return found.filter(campaign=self.campaign) if self.campaign else found

    @property
    def rows(self):
        """Of these, what is in the languages that this moderator reads."""
        return self._all.in_languages(self.moderator.reads_comments_in)

    @cached_property
    def in_other_languages(self):
        """How many wait in languages that they have not chosen."""
        if not self.moderator.reads_comments_in:
            return 0
        return self._all.order_by().count() - self.total

    @cached_property
    def total(self):
        return self.rows.order_by().count()

    def first(self):
        """The first comment that this moderator may decide on; or None."""
        return self._free.first() or self.rows.first()

    def after_deciding(self, comment):
        """The comment after `comment`, given as it was before the decision; or None."""
        free = self._free.exclude(pk=comment.pk)
        if comment.queued_at is None:
            return free.first()
        return free.filter(~_before(comment)).first() or free.first()

    def next(self, comment):
        if comment.queued_at is None:
            return self.rows.first()
        rest = self.rows.exclude(pk=comment.pk)
        return rest.filter(~_before(comment)).first()

    def previous(self, comment):
        if comment.queued_at is None:
            return None
        return self.rows.filter(_before(comment)).reverse().first()

    @property
    def _free(self):
        """Comments that nobody else looks at, and no appeals against oneself."""
        limit = timezone.now() - timedelta(minutes=settings.COMMENT_CLAIM_MINUTES)
        is_mine = Q(claimed_by=self.moderator)
        is_free = Q(claimed_by=None) | is_mine | Q(claimed_at__lte=limit)
        is_own_appeal = Q(state=CommentState.HIDDEN, hidden_by=self.moderator)
        return self.rows.filter(is_free).exclude(is_own_appeal)


def _before(comment):
    """The comments before this one in the order of `Comment.objects.queued()`."""
    points, turn, since = comment.spam_points, comment.turn, comment.queued_at
    alike = Q(spam_points=points, turn=turn)
    return (
        Q(spam_points__lt=points)
        | Q(spam_points=points, turn__lt=turn)
        | alike & Q(queued_at__lt=since)
        | alike & Q(queued_at=since, pk__lt=comment.pk)
    )


def kind_of(comment):
    """What waits about the comment: new, edited, reported, appeal; or its state."""
    if comment.queued_at is None:
        return comment.state
    if comment.appeal_waits:
        return "appeal"
    if comment.is_shown:
        return "reported"
    return "edited" if comment.edited_at else "new"
