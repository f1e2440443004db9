"""Public pages are read from a replica (REPLICA_URL) where a group has one.

So they can be read while the primary is away, and their readers cost the primary
nothing. Only a page that is the same for everybody is read so, and only for a browser
without a cookie: whoever has acted, or works here, gets what the primary says. A
replica that is away, or is behind, costs nobody an error: the page is read from the
primary (decision 70).
"""

import logging
import os
import socket
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
# By so much it may be behind, and so often a thread asks whether it is. A page that is
# read there is kept for eight seconds, and all webs must agree within ten.
MOST_SECONDS_BEHIND = 1
CHECK_SECONDS = 0.5
# So long it may have heard of no worker; each says every ten seconds that it lives.
MOST_SECONDS_UNHEARD = 15
# So long a page may take there, with all its statements and a new connection. Then it
# is read from the primary: nobody waits for a second because there is a replica.
MOST_SECONDS = 0.8
# What becomes of a connection and a statement for which nobody waits any more.
OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 5,
    "connect_timeout": 2,
    "tcp_user_timeout": 1000,
    "options": "-c default_transaction_read_only=on -c statement_timeout=1000",
}
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


class Unfit(Exception):
    """The replica is behind."""


def read[Answer](answer: Callable[[], Answer]) -> Answer:
    """What `answer` returns, with all its statements asked of the replica.

    It must change nothing, since it is called again if the replica cannot answer.
    """
    primary = connections[DEFAULT_DB_ALIAS]
    if not settings.REPLICA or pause.is_on or primary.in_atomic_block:
        return answer()
    # After a fault one request asks first, and nobody else, until it has its answer.
    begin, asks_first = time.monotonic(), pause.has_begun
    if asks_first:
        pause.begin()
    try:
        with _in_place_of(primary):
            found = answer()
    except (Error, psycopg.Error, Unfit) as error:
        pause.begin()
        waited = time.monotonic() - begin
        logger.warning("Read from the primary after %.2f s: %s", waited, error)
        _connection().close()
        return answer()
    if asks_first:
        pause.end()
    return found


@contextmanager
def _in_place_of(primary: Any) -> Iterator[None]:  # noqa: ANN401
    """For this block and thread, every statement goes to the replica."""
    ends = time.monotonic() + MOST_SECONDS
    replica = _connection()
    replica.close_if_unusable_or_obsolete()
    if replica.connection is None:
        _connect(replica, ends)
    with _cut_off_at(ends, replica):
        if time.monotonic() > _of_thread.checked_until:
            _refuse_behind(replica)
            _of_thread.checked_until = time.monotonic() + CHECK_SECONDS
        connections[DEFAULT_DB_ALIAS] = replica
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = primary


def _connect(replica: Any, ends: float) -> None:  # noqa: ANN401
    """Connect it, or raise Unfit then: psycopg waits for two seconds at the least."""
    faults: list[Exception] = []
    is_late = threading.Event()

    def connect() -> None:
        try:
            replica.connect()
            if is_late.is_set():
                replica.close()
        except Exception as fault:
            faults.append(fault)

    attempt = threading.Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(ends - time.monotonic())
    if attempt.is_alive():
        is_late.set()
        _of_thread.settings = None  # the attempt keeps this one
        raise Unfit("it takes no connection")
    if faults:
        raise faults[0]


@contextmanager
def _cut_off_at(ends: float, replica: Any) -> Iterator[None]:  # noqa: ANN401
    """Then whatever waits for an answer gets an error: links are cut in silence."""
    end = socket.socket(fileno=os.dup(replica.connection.fileno()))
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        end.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(max(0, ends - time.monotonic()), cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()
        end.close()
        if is_over.is_set():
            replica.close()  # also where the last answer came just in time


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
        own["CONN_HEALTH_CHECKS"] = False  # it would connect anew, and wait for that
        _of_thread.connection = backend.DatabaseWrapper(own, DEFAULT_DB_ALIAS)
        _of_thread.connection.inc_thread_sharing()  # another one may connect it
        _of_thread.settings, _of_thread.checked_until = settings.REPLICA, 0.0
    return _of_thread.connection


def _refuse_behind(replica: Any) -> None:  # noqa: ANN401
    with replica.cursor() as cursor:
        cursor.execute(BEHIND)
        behind, unheard = cursor.fetchone()
    if (behind or 0) > MOST_SECONDS_BEHIND:
        raise Unfit("it is behind")
    if unheard is None or unheard > MOST_SECONDS_UNHEARD:
        raise Unfit("it hears of no worker")
