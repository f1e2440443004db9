from comments.models.comment import (
    Comment,
    CommentQuerySet,
    CommentsClosed,
    NothingToAnswer,
)
from comments.models.moderation import Moderation, Report, ReportQuerySet
from comments.models.notices import Notices
from comments.models.thread import Thread

__all__ = [
    "Comment",
    "CommentQuerySet",
    "CommentsClosed",
    "Moderation",
    "NothingToAnswer",
    "Notices",
    "Report",
    "ReportQuerySet",
    "Thread",
]
