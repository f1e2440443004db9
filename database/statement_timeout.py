"""How long the database may work for a page of the desk, before the page gives up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

# This is for all statements of a page. After that nobody knows whether it still works.
MOST_SECONDS = 10


class TookTooLong(Exception):
    """The database was stopped before it had the answer."""


@contextmanager
def seconds_of_the_database() -> Iterator[None]:
    """Limit statements that may read very much. Raises TookTooLong.

    No statement begins after MOST_SECONDS, and none takes longer than that.
    """
    end = time.monotonic() + MOST_SECONDS

    def in_time(execute, *statement):
        if time.monotonic() > end:
            raise TookTooLong
        return execute(*statement)

    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{MOST_SECONDS}s'")
            with connection.execute_wrapper(in_time):
                yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from None
        raise
