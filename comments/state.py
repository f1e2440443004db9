"""The state of a comment: where it stands, and which moments belong to that."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommentState(models.TextChoices):
    """Each verb sets the next one, by `Comment.become()`; its log is Moderation."""

    WAITING = "waiting", _("waits for a moderator")
    SHOWN = "shown", _("on the page")
    HIDDEN = "hidden", _("hidden by a moderator")
    REMOVED = "removed", pgettext_lazy("comment", "deleted")


NOT_HIDDEN = Q(hidden_at=None, hidden_for="")
HIDDEN_FOR_A_REASON = Q(hidden_at__isnull=False) & ~Q(hidden_for="")
# Which moments each state has. One that was removed may have been hidden before, and
# has `shown_at` if it showed until then: its place in the thread stays.
MOMENTS = (
    NOT_HIDDEN & Q(state=CommentState.WAITING, shown_at=None)
    | NOT_HIDDEN & Q(state=CommentState.SHOWN, shown_at__isnull=False)
    | HIDDEN_FOR_A_REASON & Q(state=CommentState.HIDDEN)
    | (NOT_HIDDEN | HIDDEN_FOR_A_REASON & Q(shown_at=None))
    & Q(state=CommentState.REMOVED, text="", name="", confirmation=None, queued_at=None)
)

# Comments that were never decided on, or were edited since.
WAITING = Q(state=CommentState.WAITING, repeats=None)
# Comments of which readers see the words.
READABLE = Q(state=CommentState.SHOWN, repeats=None)
# Comments that readers see: those, and in the place of a removed one that it was there.
VISIBLE = Q(
    state__in=(CommentState.SHOWN, CommentState.REMOVED),
    shown_at__isnull=False,
    repeats=None,
)
# A hidden first comment keeps its place while answers to it show: they can stand alone,
# and their writers did nothing wrong.
CONVERSATION = Q(root=None) & (VISIBLE | Q(reply_count__gt=0))


def become(comment, state, at=None, *, by=None, reason="", words=""):
    """Set the state of a comment, and the moments that it has. The caller saves it.

    Verbs call it under the lock of `locked()`, after a look at the state before.
    """
    before, comment.state = comment.state, state
    if state != CommentState.SHOWN:
        comment.pinned_at = None
    if state == CommentState.REMOVED:
        # What showed keeps its place.
        comment.shown_at = comment.shown_at if before == CommentState.SHOWN else None
        return
    if state == CommentState.WAITING:
        comment.shown_at = None
    elif state == CommentState.SHOWN and before != CommentState.SHOWN:
        comment.shown_at = at
    is_hidden = state == CommentState.HIDDEN
    comment.hidden_at = (comment.hidden_at or at) if is_hidden else None
    comment.hidden_by, comment.hidden_for, comment.hidden_words = by, reason, words
