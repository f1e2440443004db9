"""Asks webs for pages that are in no cache, and says for how long it had to wait."""

import itertools
import threading
import time
from dataclasses import dataclass
from statistics import median

EVERY = 0.3  # seconds, for each of them
THREADS = 3  # of each web: more than one waits when something hangs


@dataclass
class Asked:
    due: float
    seconds: float
    status: int


class Uncached:
    """Asks by `ask(web, path)`, from the start of this object until it is stopped.

    A page that is not there is looked up in the database each time.
    """

    def __init__(self, ask, webs):
        self._ask, self._numbers = ask, itertools.count()
        self._stop = threading.Event()
        self.asked = []
        self._threads = [
            threading.Thread(target=self._go_on, args=[web], daemon=True)
            for web in webs
            for _ in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def _go_on(self, web):
        while not self._stop.wait(EVERY):
            begin = time.monotonic()
            try:
                status = self._ask(web, f"/no-campaign-{next(self._numbers)}/")[0]
            except OSError:
                status = 0
            self.asked.append(Asked(begin, time.monotonic() - begin, status))

    def stop(self):
        """Says how many were asked for, what was wrong, and how long it took."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self.seconds = sorted(one.seconds for one in self.asked)
        self.wrong = [one for one in self.asked if one.status != 404]
        return (
            f"{len(self.asked):,} pages in no cache, {len(self.wrong)} wrong answers,"
            f" {median(self.seconds):.2f} s (median), {self.seconds[-1]:.2f} s at most."
        )
