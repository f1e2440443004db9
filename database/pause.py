"""Remembers for a moment that something is away, so that no reader waits for it."""

import time


class Pause:
    """Begins when a machine has not answered; until it is over nobody asks it again."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + self._seconds

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self._until
