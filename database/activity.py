"""What our database is busy with, for whoever watches the site."""

from typing import NamedTuple

from django.db import connection

# Each key comes from a sequence, which counts rows that were never committed, too.
_MADE = """
SELECT name, coalesce(pg_sequence_last_value(
    pg_get_serial_sequence(quote_ident(name), 'id')::regclass), 0)
FROM unnest(%s::text[]) AS name
"""
_ACTIVITY = """
SELECT coalesce(state, 'unknown'), count(*),
    coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
GROUP BY 1 ORDER BY 1
"""


class Activity(NamedTuple):
    """Connections by state, how many there may be, and what they hold up."""

    connections: dict[str, int]
    connections_allowed: int
    oldest_transaction_seconds: float
    bytes: int


def activity() -> Activity:
    """What is going on now, in two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVITY)
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT current_setting('max_connections')::int,"
            " pg_database_size(current_database())"
        )
        [allowed, size] = cursor.fetchone()
    return Activity(
        connections={state: number for state, number, _oldest in rows},
        connections_allowed=allowed,
        oldest_transaction_seconds=max((float(row[2]) for row in rows), default=0),
        bytes=size,
    )


def rows_ever(tables: list[str]) -> dict[str, int]:
    """About how many rows each table ever got, whatever was deleted since.

    It takes one statement, and no longer for millions of rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MADE, [tables])
        return dict(cursor.fetchall())
