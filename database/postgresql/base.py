"""Django's PostgreSQL backend, which knows a missing connection."""

import select
from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from database.postgresql.schema import DatabaseSchemaEditor


class NoConnection(psycopg.OperationalError):
    """The database was not reached: nothing that was to be stored has been sent."""


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

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
        """Connect. `answer_seconds` of its OPTIONS limits how long an answer may take.

        PostgreSQL’s own limit does not help where nothing comes back any more.
        """
        seconds = conn_params.pop("answer_seconds", None)
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            raise NoConnection(*error.args) from error
        if seconds:
            connection.wait = partial(connection.wait, timeout=seconds)
        return connection
