"""What `check --deploy` finds about the database: jobs that would start late."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from django.core import checks
from django.db import DatabaseError, connection

# A notification takes a millisecond. Who listens to nothing waits so long.
SECONDS = 1
DEAF = checks.Warning(
    "No notification comes through this address of the database: it is a pooler that"
    " gives a connection to another client after each transaction. The worker would"
    " start each job up to 5 seconds late.",
    hint="Set DIRECT_DATABASE_URL to the address of PostgreSQL itself.",
    id="database.W001",
)


@checks.register(checks.Tags.security, deploy=True)
def jobs_start_at_once(**_options: Any) -> list[checks.CheckMessage]:
    """Listen and notify, as worker and web do, and see whether it arrives.

    This says nothing if the database is away, since everything else does.
    """
    try:
        with _another_connection() as listener, _another_connection() as web:
            listener.execute("LISTEN deploy_check")
            web.execute("NOTIFY deploy_check")
            arrived = [*listener.notifies(timeout=SECONDS, stop_after=1)]
    except (DatabaseError, psycopg.Error):
        return []
    return [] if arrived else [DEAF]


@contextmanager
def _another_connection() -> Iterator[psycopg.Connection]:
    with closing(connection.copy()) as another:
        another.ensure_connection()
        yield another.connection
