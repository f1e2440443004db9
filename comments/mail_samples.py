from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin.queue import KINDS
from comments.mails import STOPS
from comments.reasons import HIDING_REASONS
from comments.statement import EFFECT, HOW_FOUND, PROGRAM, REDRESS, RULES_GROUND
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
        "stops": STOPS,
    }


@sample(
    "confirm_comment",
    gettext_lazy("To a commenter who wants emails. Is the comment theirs?"),
)
def confirm_comment():
    return _comment()


@sample(
    "comment_written_already",
    gettext_lazy("To a commenter who has sent the same comment before."),
)
def comment_written_already():
    return {**_comment(), "written": SimpleNamespace(is_shown=True), "is_repeat": True}


@sample(
    "comment_yours",
    gettext_lazy("To a commenter who asked for the link to their comment."),
)
def comment_yours():
    return _comment()


@sample(
    "comment_shown",
    gettext_lazy("To a commenter who asked to be told. Their comment is on the page."),
)
def comment_shown():
    return _comment()


@sample(
    "comment_hidden",
    gettext_lazy("To a commenter whose comment is hidden. Why, and what they can do."),
)
def comment_hidden():
    statement = SimpleNamespace(
        how_found=HOW_FOUND["report"],
        program=PROGRAM[False],
        ground=RULES_GROUND,
        effect=EFFECT,
        redress=REDRESS,
    )
    return {**_comment(), "state": "hidden", "statement": statement}


@sample(
    "comment_hidden_confirm",
    gettext_lazy(
        "To an address that nobody has confirmed. Is the hidden comment theirs?"
    ),
)
def comment_hidden_confirm():
    return _comment()


@sample(
    "comment_reply",
    gettext_lazy("To a commenter who asked to be told. Somebody replied."),
)
def comment_reply():
    reply = SimpleNamespace(name="Bo", text=_("The words of the reply."))
    return {**_comment(), "reply": reply, "reply_url": link("comments/2/")}


@sample(
    "comment_replies",
    gettext_lazy(
        "To a commenter who asked to be told once a day or a week. The new replies."
    ),
)
def comment_replies():
    campaign = SimpleNamespace(full_title=_("The title of the campaign"), read_in="")
    replies = [
        SimpleNamespace(
            name=name,
            text=_("The words of the reply."),
            campaign=campaign,
            mailed_url=link("comments/2/"),
        )
        for name in ("Bo", "Di")
    ]
    return {
        **_comment(),
        "campaign": None,
        "replies": replies,
        "number": len(replies),
    }


@sample(
    "comment_digest",
    gettext_lazy("To the moderators, each morning. What is waiting."),
)
def comment_digest():
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
                "campaign": SimpleNamespace(full_title=_("An action page"), read_in=""),
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
