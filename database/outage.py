"""What it looks like from here when the database, or room on a disk, is away.

Both come back by themselves: visitors get a page that says so (errors.py), and the log
one line a minute of each process, instead of a traceback for every request.
"""

import errno
import logging
import time

import psycopg

from database.postgresql.base import NoConnection

# SQLSTATE classes (PostgreSQL, appendix A): connection, too little of something (disk,
# memory, connections), stopped by its operator, and errors of the system below it.
AWAY = ("08", "53", "57P", "58")
# The server is there, and said itself that it could not do what was asked.
SAID_NO = ("53", "58")
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
LINE_SECONDS = 60


def outage(error: BaseException | None) -> OSError | psycopg.Error | None:
    """The error at the root of this one that says who is away, or None."""
    seen = set()
    while error is not None and error not in seen:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return error
        if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) and (
            error.sqlstate is None or error.sqlstate.startswith(AWAY)
        ):
            return error
        seen.add(error)
        error = error.__cause__ or error.__context__
    return None


def stored_nothing(error: OSError | psycopg.Error) -> bool:
    """Whether it is certain that what a request was about is not stored.

    It is not when the connection broke in the middle: the commit may have been done,
    and only its answer lost.
    """
    if isinstance(error, (OSError, NoConnection)):
        return True
    return bool(error.sqlstate and error.sqlstate.startswith(SAID_NO))


class OneLineAMinute(logging.Filter):
    """Let outages into the log as one line a minute, and all else as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info and outage(record.exc_info[1])
        if not error:
            return True
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + LINE_SECONDS
        record.msg, record.exc_info, record.exc_text = "Away: %s", None, None
        record.args = (" ".join(str(error).split()),)
        return True
