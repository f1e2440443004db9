"""The tasks of every subject, where the queue looks for them."""

from letters.officials import answering
from letters.officials import tasks as officials
from letters.recipients import tasks as recipients
from letters.sending import tasks as sending
from letters.suggested import sample
from letters.writing import tasks as writing

__all__ = ["answering", "officials", "recipients", "sample", "sending", "writing"]
