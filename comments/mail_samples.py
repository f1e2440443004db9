from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import gettext as _

from comments.admin.queue import KINDS
from comments.mails import STOPS
from comments.reasons import HIDING_REASONS
from comments.statement import EFFECT, HOW_FOUND, PROGRAM, REDRESS, RULES_GROUND
from outbox.samples import campaign, link


def values():
    reply = {"text": _("The words of the reply."), "campaign": campaign()}
    replies = [
        SimpleNamespace(name=name, mailed_url=link("comments/2/"), **reply)
        for name in ("Bo", "Di")
    ]
    waits = {
        "words": KINDS["new"],
        "campaign": campaign(),
        "since": timezone.now() - timedelta(hours=5),
        "url": link("admin/comments/comment/desk/1/"),
    }
    return {
        "": {
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
            "stop_url": link("emails/cancellation/"),
            "stops": STOPS,
            "written": SimpleNamespace(is_shown=True),
            "is_repeat": True,
            "state": "hidden",
            "statement": SimpleNamespace(
                how_found=HOW_FOUND["report"],
                program=PROGRAM[False],
                ground=RULES_GROUND,
                effect=EFFECT,
                redress=REDRESS,
            ),
        },
        "comment_replies": {
            "replies": replies,
            "number": len(replies),
        },
        "comment_digest": {
            "campaign": None,
            "total": 5,
            "new": 3,
            "reported": 1,
            "appeals": 1,
            "spam": 1,
            "first": [waits],
            "more": 4,
            "desk_url": link(""),
            "stops": "",
        },
    }
