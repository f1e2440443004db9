from comments.models.blocks import Block
from comments.models.comment import Comment, CommentsClosed, NothingToAnswer
from comments.models.moderation import Moderation, Report
from comments.models.notices import Notices
from comments.models.thread import Thread

__all__ = [
    "Block",
    "Comment",
    "CommentsClosed",
    "Moderation",
    "NothingToAnswer",
    "Notices",
    "Report",
    "Thread",
]
