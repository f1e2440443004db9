"""Recognises errors that mean that the database is away, or a disk is full.

Both pass without us. Until then visitors get a page that says so (pages/errors.py), and
each process logs one line a minute instead of a traceback for every request.
"""

import errno
import logging
import time

import psycopg

from database.postgresql.base import NoConnection

# SQLSTATE classes (PostgreSQL, appendix A): no connection, insufficient resources
# (disk, memory, connections), stopped by its operator, errors of the system below it.
AWAY = ("08", "53", "57P", "58")
# In these classes the server answered, and said that it could not do what was asked.
SAID_NO = ("53", "58")
# The last has a SQLSTATE where the server says it. Without one, psycopg has read more
# answers than it asked for: a pooler's server died, and its last word came late.
LOST = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
LINE_SECONDS = 60


def outage(error: BaseException | None) -> OSError | psycopg.Error | None:
    """The error among the causes of this one that means an outage, or None."""
    seen = set()
    while error is not None and error not in seen:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return error
        if isinstance(error, LOST) and (
            error.sqlstate is None or error.sqlstate.startswith(AWAY)
        ):
            return error
        seen.add(error)
        error = error.__cause__ or error.__context__
    return None


def stored_nothing(error: OSError | psycopg.Error) -> bool:
    """Whether it is certain that nothing of the request has been stored.

    It is not certain when the connection broke in the middle: the commit may have been
    done, and only its answer lost.
    """
    if isinstance(error, (OSError, NoConnection)):
        return True
    return bool(error.sqlstate and error.sqlstate.startswith(SAID_NO))


class OneLineAMinute(logging.Filter):
    """Lets one line a minute about an outage into the log, and all else as it is."""

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
