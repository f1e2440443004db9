"""Notices of illegal content about comments: their reports, and what settles them.

A notice about a comment is a report of it. So it waits at the moderators' desk beside
what readers have reported, and the decision on the comment is the decision on both.
"""

from django.urls import reverse

from campaigns.models.address import slug_here
from comments import reports
from comments.models.comment import Comment
from supporters.notices.choices import Subject

# Views whose address names one comment.
_OF_COMMENT = ("comment", "conversation", "reply", "report")
_MARK = "comment-"


def noticed(notice, place):
    """Report the comment that a notice is about, if it shows at this place.

    Returns whether it does.
    """
    comment = _comment_at(place)
    if comment is not None:
        reports.notice(comment, notice)
    return comment is not None


def desk_of_notice(notice):
    """The desk with the comment that waits with this notice, or ""."""
    if notice.subject != Subject.COMMENT or not notice.can_be_decided:
        return ""
    # It may be gone: the notice stays.
    waits = Comment.objects.queued().filter(pk=notice.subject_id).exists()
    return reverse("admin:comments_desk", args=[notice.subject_id]) if waits else ""


def _comment_at(place):
    name = place.view.removeprefix("comments:")
    slug = place.arguments.get("slug")
    if name in _OF_COMMENT and name != place.view:
        pk = str(place.arguments["pk"])
    else:
        pk = place.mark.removeprefix(_MARK) if place.mark.startswith(_MARK) else ""
    if not (slug and pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    found = Comment.objects.readable().filter(
        pk=pk,
        campaign__slug=slug_here(slug, place.language),
        is_answer=False,
    )
    return found.select_related("campaign").first()
