"""Public pages are read from a replica (REPLICA_URL) where a group has one.

So they can be read while the primary is away, and their readers cost the primary
nothing. Only a page that is the same for everybody is read so, and only for a browser
without a cookie: whoever has acted, or works here, gets what the primary says. A
replica that is away, or is behind, costs nobody an error: the page is read from the
primary (decision 70).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.utils import load_backend

from database.pause import Pause

logger = logging.getLogger(__name__)
# A replica that did not answer, or is behind, is asked again after so long.
AWAY_SECONDS = 10
# By so much it may be behind, and so often a thread asks whether it is.
MOST_SECONDS_BEHIND = 5
CHECK_SECONDS = 1
# No reader waits for longer. A statement of a page takes a hundredth of that.
OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 5,
    "connect_timeout": 2,  # the least that psycopg knows
    "tcp_user_timeout": 1000,
    "options": "-c default_transaction_read_only=on -c statement_timeout=1000",
}
# A replica that has all it got may have got nothing for an hour. So it must also know
# that a worker has lived lately, which says so every ten seconds.
BEHIND = """
SELECT CASE WHEN pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() THEN
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END,
  (SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) - 10
   FROM procrastinate_workers)
"""
pause = Pause(AWAY_SECONDS)
_of_thread = threading.local()


class Unfit(Exception):
    """The replica is behind."""


def read[Answer](answer: Callable[[], Answer]) -> Answer:
    """What `answer` returns, with all its statements asked of the replica.

    It must change nothing, since it is called again if the replica cannot answer.
    """
    primary = connections[DEFAULT_DB_ALIAS]
    if not settings.REPLICA or pause.is_on or primary.in_atomic_block:
        return answer()
    try:
        with _in_place_of(primary):
            return answer()
    except (Error, psycopg.Error, Unfit) as error:
        pause.begin()
        logger.warning("Pages are read from the primary: %s", error)
    return answer()


@contextmanager
def _in_place_of(primary: Any) -> Iterator[None]:  # noqa: ANN401
    """For this block and thread, every statement goes to the replica."""
    replica = _connection()
    replica.close_if_unusable_or_obsolete()
    if time.monotonic() > _of_thread.checked_until:
        _refuse_behind(replica)
        _of_thread.checked_until = time.monotonic() + CHECK_SECONDS
    connections[DEFAULT_DB_ALIAS] = replica
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def _connection() -> Any:  # noqa: ANN401
    """This thread's own.

    It has the name of the primary's, and is none of Django's databases: what is read
    through it is saved to the primary.
    """
    if getattr(_of_thread, "settings", None) is not settings.REPLICA:
        own = connections.settings[DEFAULT_DB_ALIAS]
        options = OPTIONS | settings.REPLICA.get("OPTIONS", {})
        # An address says where a database is, and Django's own backend with it.
        backend = load_backend(own["ENGINE"])
        own = {**own, **settings.REPLICA, "ENGINE": own["ENGINE"], "OPTIONS": options}
        _of_thread.connection = backend.DatabaseWrapper(own, DEFAULT_DB_ALIAS)
        _of_thread.settings, _of_thread.checked_until = settings.REPLICA, 0.0
    return _of_thread.connection


def _refuse_behind(replica: Any) -> None:  # noqa: ANN401
    behind, quiet = replica.rows_of(BEHIND)[0]
    if quiet is None or max(behind or 0, quiet) > MOST_SECONDS_BEHIND:
        raise Unfit("it is behind")
