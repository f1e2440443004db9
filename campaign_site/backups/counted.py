"""How many rows a database has, so that a restored one is held against its source."""

import psycopg
from psycopg import sql

from campaign_site.backups.tools import CannotBackUp

_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1
"""


def rows(cursor, but_none_of=()):
    """{table: rows} of each table, and 0 for each of those that were left out."""
    cursor.execute(_TABLES)
    tables = [table for [table] in cursor.fetchall()]
    found = dict.fromkeys(but_none_of, 0)
    for table in sorted({*tables} - {*but_none_of}):
        name = sql.Identifier(table).as_string()
        cursor.execute(f"SELECT count(*) FROM {name}")
        [found[table]] = cursor.fetchone()
    return found


def compare(told, database):
    """Raise CannotBackUp if a database has other tables or rows than was told."""
    with psycopg.connect(**database) as connection, connection.cursor() as cursor:
        found = rows(cursor)
    differ = [
        f"{table} ({found.get(table, 'no table')} instead of {told.get(table)})"
        for table in sorted({*told, *found})
        if found.get(table) != told.get(table)
    ]
    if differ:
        raise CannotBackUp(
            "What was restored has other rows than what was backed up: "
            f"{', '.join(differ[:5])}."
        )
