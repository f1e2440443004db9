"""How long comments are kept, and what of them: a part of their declaration."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.state import CommentState
from database.kept import Kept, networks_kept

KEPT = (
    Kept(
        name="comments",
        words=_(
            "texts of spam, of comments that nobody decided on, and of "
            "comments that never showed"
        ),
        period=("KEEP_SPAM_DAYS", "KEEP_HELD_DAYS", "KEEP_SIGNERS_MONTHS"),
        since="hidden_at",
        where=Q(state=CommentState.HIDDEN, hidden_for="spam"),
        due="to_empty",
        do="empty",
        at_most=("KEEP_SPAM_DAYS",),
        # Each locks its thread, and whoever comments there waits.
        batch=50,
    ),
    Kept(
        name="repeated comments",
        words=_("second copies of a comment, after the decision about it"),
        period="KEEP_UNCONFIRMED_DAYS",
        due="settled_repeats",
    ),
    networks_kept(
        "networks of comments",
        _("scrambled forms of the networks of comments"),
        since="created_at",
    ),
)
