"""What we promise to writers and readers of comments, and who keeps it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.rules import LIKELY_SPAM
from staff.promises import Promise


def promises():
    return [
        Promise(
            name="comments read",
            title=_("A moderator reads new, changed and reported comments"),
            rows=lambda: Comment.objects.queued().filter(spam_points__lt=LIKELY_SPAM),
            since="queued_at",
            within=("COMMENT_LONGEST_WAIT_HOURS",),
            page=lambda: reverse("inbox", args=["comments"]),
        ),
    ]
