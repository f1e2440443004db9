"""What waits for a moderator, on the desk's first page."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from comments.models.comment import Comment
from comments.models.moderation import CommentReport
from staff.waiting import Waiting
from supporters.acts import undecided


def waiting(user):
    if not user.has_perm("comments.change_comment"):
        return []
    reports = CommentReport.objects.filter(comment=OuterRef("pk"), answered_at=None)
    numbers = (
        Comment.objects.queued()
        .order_by()
        .aggregate(
            total=Count("pk"),
            reported=Count("pk", filter=Exists(reports)),
            appeals=Count(
                "pk", filter=Q(appealed_at__isnull=False, appeal_decided_at=None)
            ),
        )
    )
    words = ngettext(
        "comment waits for a moderator",
        "comments wait for a moderator",
        numbers["total"],
    )
    also = gettext("Reported: %(reported)d. Appeals: %(appeals)d.") % numbers
    page = reverse("admin:comments_desk")
    is_more = numbers["reported"] or numbers["appeals"]
    said = [also if is_more else "", undecided.warning(Comment.objects)]
    return [Waiting(numbers["total"], words, page, " ".join(filter(None, said)))]
