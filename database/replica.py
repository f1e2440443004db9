"""Public pages are read from a replica (REPLICA_URL) where a group has one.

So they can be read while the primary is away, and their readers cost the primary
nothing. Only a page that is the same for everybody is read so, and only for a browser
without a cookie: whoever has acted, or works here, gets what the primary says. A
replica that is away, or is behind, costs nobody an error: the page is read from the
primary (decision 67).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from environ import Env

from database.pause import Pause

logger = logging.getLogger(__name__)
ALIAS = "replica"
# A replica that did not answer, or is behind, is asked again after so long.
AWAY_SECONDS = 10
# By so much it may be behind, and so often a thread asks whether it is. A page that is
# read there is kept for eight seconds, and all webs must agree within ten.
MOST_SECONDS_BEHIND = 1
CHECK_SECONDS = 0.5
# So long it may have heard of no worker; each says every ten seconds that it lives.
MOST_SECONDS_UNHEARD = 15
# After so long no statement of a page begins there, and none takes longer.
MOST_SECONDS = 0.8
# A replica that has all it got may have got nothing for an hour. So it must also know
# that a worker has lived lately.
BEHIND = """
SELECT CASE WHEN pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() THEN
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END,
  (SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))
   FROM procrastinate_workers)
"""
pause = Pause(AWAY_SECONDS)
_of_thread = threading.local()


def settings_of(primary: dict[str, Any], url: str) -> dict[str, Any]:
    """What Django's DATABASES have of the replica at this address; {} without one."""
    if not url:
        return {}
    own = Env.db_url_config(url)
    milliseconds = round(1000 * MOST_SECONDS)
    options = {
        **primary.get("OPTIONS", {}),
        "connect_timeout": 2,  # psycopg knows no shorter one
        "tcp_user_timeout": 1000,
        "answer_seconds": MOST_SECONDS,
        "options": "-c default_transaction_read_only=on "
        f"-c statement_timeout={milliseconds}",
    }
    options |= own.get("OPTIONS", {})
    own |= {"ENGINE": primary["ENGINE"], "OPTIONS": options}
    return {ALIAS: {**primary, **own}}


class Router:
    """What read() does is asked of the replica, and everything else of the primary."""

    def db_for_read(self, model: type, **hints: object) -> str:
        return alias()

    def db_for_write(self, model: type, **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == DEFAULT_DB_ALIAS


class Unfit(Exception):
    """The replica is behind, or slow."""


def is_there() -> bool:
    """Whether this site has one."""
    return ALIAS in connections.settings


def alias() -> str:
    """The database that a statement of our own has to ask now."""
    return ALIAS if getattr(_of_thread, "is_asked", False) else DEFAULT_DB_ALIAS


def read[Answer](answer: Callable[[], Answer]) -> Answer:
    """What `answer` returns, with all its statements asked of the replica.

    It must change nothing, since it is called again if the replica cannot answer.
    """
    primary = connections[DEFAULT_DB_ALIAS]
    is_nested = primary.in_atomic_block or alias() == ALIAS
    if not is_there() or pause.is_on or is_nested:
        return answer()
    # After a fault one request asks first, and nobody else, until it has its answer.
    begin, asks_first = time.monotonic(), pause.has_begun
    if asks_first:
        pause.begin()
    try:
        with _asked(connections[ALIAS]):
            found = answer()
    except (Error, Unfit) as error:
        pause.begin()
        waited = time.monotonic() - begin
        logger.warning("Read from the primary after %.2f s: %s", waited, error)
        connections[ALIAS].close()
        return answer()
    if asks_first:
        pause.end()
    return found


@contextmanager
def _asked(replica: Any) -> Iterator[None]:  # noqa: ANN401
    """For this block and thread, every statement goes to the replica."""
    end = time.monotonic() + MOST_SECONDS

    def in_time(execute, *statement):
        if time.monotonic() > end:
            raise Unfit("it is slow")
        return execute(*statement)

    if time.monotonic() > getattr(_of_thread, "checked_until", 0):
        _refuse_behind(replica)
        _of_thread.checked_until = time.monotonic() + CHECK_SECONDS
    _of_thread.is_asked = True
    try:
        with replica.execute_wrapper(in_time):
            yield
    finally:
        _of_thread.is_asked = False


def _refuse_behind(replica: Any) -> None:  # noqa: ANN401
    with replica.cursor() as cursor:
        cursor.execute(BEHIND)
        behind, unheard = cursor.fetchone()
    if (behind or 0) > MOST_SECONDS_BEHIND:
        raise Unfit("it is behind")
    if unheard is None or unheard > MOST_SECONDS_UNHEARD:
        raise Unfit("it hears of no worker")
