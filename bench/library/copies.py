"""Copies of rows that were really made: what real rows leave, a million times."""

import re

from django.db import connection

from library.rows import scalar


class Copies:
    """Copies of the newest row of each table, with what tells them apart.

    Each has a number, `n`, from 1 on. The keys of copies follow each other, so that
    those of one person find each other: `first_of('table') + n` is the key of the n-th
    copy that was made last in that table.
    """

    def __init__(self):
        self._first = {}

    def add(self, table, number, own, *, one=None):
        """Copy a row: the newest, or the one with this key.

        `own` are the columns in which the copies differ, each with its SQL; all others
        are as they are in that row. A generated column works itself out.
        """
        one = one or scalar(f"SELECT max(id) FROM {table}")
        first = self._first[table] = scalar(f"SELECT max(id) FROM {table}")
        names = _columns(table)
        if unknown := own.keys() - {*names}:
            raise ValueError(f"{table} has no {unknown}")
        values = ", ".join(self._filled(own.get(name, f"one.{name}")) for name in names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (id, {', '.join(names)})"
                f" SELECT {first} + n, {values} FROM {table} AS one,"
                f" generate_series(1, {number}) AS n WHERE one.id = {one}"
            )
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" (SELECT max(id) FROM {table}))"
            )

    def key(self, table, number):
        """The key of the copy with this number."""
        return self._first[table] + number

    def _filled(self, value):
        return re.sub(
            r"first_of\('(\w+)'\)", lambda found: str(self._first[found[1]]), value
        )


def _columns(table):
    """The columns that are written: not the key, and not what is worked out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]
