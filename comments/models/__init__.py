from comments.models.comment import Comment
from comments.models.moderation import CommentReport, CommentReportQuerySet, Moderation
from comments.models.queryset import (
    CommentQuerySet,
    CommentsClosed,
    NothingToAnswer,
)
from comments.models.subscription import CommentSubscription
from comments.models.thread import Thread

__all__ = [
    "Comment",
    "CommentQuerySet",
    "CommentReport",
    "CommentReportQuerySet",
    "CommentSubscription",
    "CommentsClosed",
    "Moderation",
    "NothingToAnswer",
    "Thread",
]
