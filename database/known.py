"""What a process keeps in memory of the database, and reads again every few seconds.

`Known` keeps a small table. So no page waits for what staff hardly ever change, and a
visitor's request asks nothing more: even a page from the cache must know which branding
is current, and asks the database nothing (`bench/run.py` fails otherwise). The process
that changes it knows at once, the others within KNOWN_SECONDS. While the database is
away, the last value stays.
"""

import logging
import time
from collections.abc import Callable

from django.db import Error

logger = logging.getLogger(__name__)
KNOWN_SECONDS = 8  # and a page is rendered then: ten on all webs


class Known[Value]:
    """A value that `read()` gets from the database, and `first` before that."""

    def __init__(self, read: Callable[[], Value], first: Value) -> None:
        self.value = first
        self._read, self._until = read, 0.0

    def current(self) -> Value:
        """The value, at most some seconds old."""
        if time.monotonic() >= self._until:
            self.learn()
        return self.value

    def learn(self) -> None:
        """Read it now."""
        self._until = time.monotonic() + KNOWN_SECONDS
        try:
            self.value = self._read()
        except Error as error:
            logger.warning("What the site knows cannot be read: %s", error)

    def note(self, value: Value) -> None:
        """Take what another statement has just read."""
        self.value = value
        self._until = max(self._until, time.monotonic() + KNOWN_SECONDS)

    def know(self, value: Value) -> None:
        """Let this be the value until it is told otherwise; for tests."""
        self.value, self._until = value, float("inf")
