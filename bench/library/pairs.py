"""The same work on two sides in turn, and what it costs on one beside the other."""

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

PAIRS, MORE_PAIRS = 5, 15


@dataclass(frozen=True)
class Compared:
    """What something costs on each side, and the ratio of each pair."""

    name: str
    part: float
    whole: float
    ratios: tuple

    @property
    def ratio(self):
        return median(self.ratios)

    def __str__(self):
        least, most = min(self.ratios), max(self.ratios)
        return (
            f"{self.part:9.2f} ms {self.whole:9.2f} {self.ratio:6.2f}×"
            f" ({least:.2f}–{most:.2f})  {self.name}"
        )


def compare(name, part, whole, limit, *, rows=1):
    """Cost on each side in turn; more often if the first ratios are above the limit.

    Where the whole handles so many times the rows, a ratio is that of what one costs.
    It is taken between two that stood next to each other, so that a slow minute of the
    machine, which both had, does not count.
    """
    found = _compared(name, part, whole, rows, PAIRS)
    if found.ratio <= limit or found.whole > 1000:
        return found
    return _compared(name, part, whole, rows, MORE_PAIRS)


def _compared(name, part, whole, rows, number):
    costs = [(part(), whole()) for _pair in range(number)]
    few, many = zip(*costs, strict=True)
    ratios = tuple(b / a / rows for a, b in costs)
    return Compared(name, median(few), median(many), ratios)


class Meter:
    """The CPU milliseconds of this process and of its PostgreSQL backend, of a while.

    To the nanosecond: the first field of schedstat is time on a processor.
    """

    def __enter__(self):
        self._before = self._now()
        return self

    def __exit__(self, *_raised):
        self.milliseconds = self._now() - self._before

    def _now(self):
        theirs = Path(f"/proc/{backend()}/schedstat").read_text().split()[0]
        return (time.process_time_ns() + int(theirs)) / 1e6


@cache
def backend():
    """The number of the PostgreSQL process that does all of this one's statements."""
    from django.db import connection

    from library import rows

    with connection.cursor() as cursor:
        # In one backend, whose time can be read.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    return rows.scalar("SELECT pg_backend_pid()")
