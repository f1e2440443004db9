"""The admin of every subject, where Django looks for it."""

from letters.officials import admin as officials
from letters.recipients import admin as recipients
from letters.sending import admin as sending
from letters.suggested import admin as suggested
from letters.writing import admin as writing

__all__ = ["officials", "recipients", "sending", "suggested", "writing"]
