"""Django's PostgreSQL, which says when there was no connection to begin with."""

import psycopg
from django.db.backends.postgresql import base


class NoConnection(psycopg.OperationalError):
    """The database was not reached: nothing that was to be stored has been sent."""


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            raise NoConnection(*error.args) from error
