from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.admin.queue import KINDS
from comments.reasons import HIDING_REASONS
from outbox.samples import link, sample


def _comment():
    return {
        "comment": SimpleNamespace(
            name="Maria Silva",
            text=_("The words of the comment."),
            reason=HIDING_REASONS["private"],
            hidden_words=_("The telephone number in the second line."),
            by_writer=SimpleNamespace(may_appeal=True, may_resubmit=True),
        ),
        "wants_mail": True,
        "comment_url": link("comments/1/"),
        "writer_url": link("comments/writer/"),
        "rules_url": link("moderation/"),
        "stop_url": link("comment-subscriptions/"),
    }


@sample("confirm_comment")
def confirm_comment():
    """To whoever asked for mails about a comment: is it yours?"""
    return _comment()


@sample("comment_written_already")
def comment_written_already():
    """To whoever wrote the same comment before."""
    return {**_comment(), "written": SimpleNamespace(is_shown=True), "is_repeat": True}


@sample("comment_yours")
def comment_yours():
    """To whoever asked for the link to a comment of theirs."""
    return _comment()


@sample("comment_shown")
def comment_shown():
    """To whoever asked to be told: the comment is on the page."""
    return _comment()


@sample("comment_hidden")
def comment_hidden():
    """To the writer of a hidden comment: why, and what can be done."""
    return {**_comment(), "state": "hidden"}


@sample("comment_hidden_confirm")
def comment_hidden_confirm():
    """To the unconfirmed address of a hidden comment: was it you?"""
    return _comment()


@sample("comment_reply")
def comment_reply():
    """To whoever asked to be told: somebody replied."""
    reply = SimpleNamespace(name="Bo", text=_("The words of the reply."))
    return {**_comment(), "reply": reply, "reply_url": link("comments/2/")}


@sample("comment_replies")
def comment_replies():
    """To whoever asked to be told once a day or a week: the replies of that time."""
    campaign = SimpleNamespace(full_title=_("The title of the campaign"))
    replies = [
        SimpleNamespace(
            name=name,
            text=_("The words of the reply."),
            campaign=campaign,
            mailed_url=link("comments/2/"),
        )
        for name in ("Bo", "Di")
    ]
    return {**_comment(), "replies": replies, "number": len(replies)}


@sample("comment_digest")
def comment_digest():
    """To the moderators each morning: what waits."""
    return {
        "campaign": None,
        "total": 5,
        "new": 3,
        "reported": 1,
        "appeals": 1,
        "spam": 1,
        "first": [
            {
                "words": KINDS["new"],
                "campaign": SimpleNamespace(full_title=_("An action page")),
                "since": timezone.now() - timedelta(hours=5),
                "url": link("admin/comments/comment/desk/1/"),
            }
        ],
        "more": 4,
        "is_alert": False,
        "hours": settings.COMMENT_LONGEST_WAIT_HOURS,
        "desk_url": link(""),
        "stop_url": link("comment-subscriptions/"),
    }
