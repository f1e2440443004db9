"""Django's PostgreSQL backend, which keeps cursors and knows a missing connection."""

import select
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from database.postgresql.schema import DatabaseSchemaEditor

# So many cursors are kept of one connection; then it begins anew.
MOST_CURSORS = 16


class NoConnection(psycopg.OperationalError):
    """The database was not reached: nothing that was to be stored has been sent."""


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: dict[str, psycopg.Cursor] = {}

    def rows_of(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        """All rows that a statement returns.

        Each statement has a cursor of its own, which stays with its connection. For
        whoever waits for a form: with each cursor, and with each other statement,
        psycopg learns anew how it writes and reads every type (bench/run.py,
        “Signing”).
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        kept = self._cursors.get(sql)
        if kept is None or kept.connection is not self.connection:
            if len(self._cursors) >= MOST_CURSORS:
                self._cursors = {}
            with self.wrap_database_errors:
                kept = self._cursors[sql] = self.create_cursor()
        # The stubs do not know it.
        cursor = self._prepare_cursor(kept)  # type: ignore[attr-defined]
        cursor.execute(sql, values)
        return cursor.fetchall()

    def is_usable(self) -> bool:
        """Whether the connection still stands; asked before a request's first use.

        The server is not asked, since every request would wait for its answer: an idle
        server says nothing, so if there is something to read, it has ended the
        connection. Only after an error the server is asked.
        """
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return super().is_usable()
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            raise NoConnection(*error.args) from error
