"""Remembers for a moment that something is away, so that no reader waits for it."""

import time


class Pause:
    """Begins when a machine has not answered; until it is over nobody asks it again."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + self._seconds

    def end(self) -> None:
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self._until

    @property
    def has_begun(self) -> bool:
        """Whether it is on, or is over without anybody having ended it."""
        return self._until > 0
