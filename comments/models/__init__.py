from comments.models.comment import Comment
from comments.models.imported import ImportedComment, WrittenElsewhere
from comments.models.moderation import Moderation
from comments.models.queryset import (
    CommentsClosed,
    NothingToAnswer,
)
from comments.models.saved_reply import SavedReply
from comments.models.thread import Thread

__all__ = [
    "Comment",
    "CommentsClosed",
    "ImportedComment",
    "Moderation",
    "NothingToAnswer",
    "SavedReply",
    "Thread",
    "WrittenElsewhere",
]
