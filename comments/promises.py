"""What we promise to writers and readers of comments, and who keeps it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.mails import replies_to_tell
from comments.models.comment import Comment
from comments.rules import LIKELY_SPAM
from staff.promises import SITE, SITE_DAYS, Promise


def promises():
    return [
        Promise(
            name="comments read",
            title=_("A moderator reads new, changed and reported comments"),
            says=(
                "One of our moderators reads your first comment before it appears.",
                "A person will read your comment.",
                "It will appear on the page after a moderator of … has approved it.",
                "This can take a day.",
                "That can take a day.",
                "A moderator will check it again.",
                "Another moderator will decide.",
                "A moderator reads your name and comment before we show them.",
                "A moderator will read your report.",
                "A moderator will look at it.",
                "A moderator decides on it as usual.",
            ),
            rows=lambda: Comment.objects.queued().filter(spam_points__lt=LIKELY_SPAM),
            since="queued_at",
            within=("COMMENT_LONGEST_WAIT_HOURS",),
            page=lambda: reverse("admin:comments_desk"),
            permission="comments.change_comment",
        ),
        Promise(
            name="replies told",
            title=_("We tell writers about replies to their comments"),
            says=(
                "We email you about replies:",
                "Email me when somebody replies to me",
            ),
            keeper=SITE,
            rows=replies_to_tell,
            since="reply_due_at",
            within=(SITE_DAYS,),
            page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
            permission="outbox.view_outgoingmail",
        ),
    ]
