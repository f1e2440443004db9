"""Jobs at even distances, since people cause few: do they begin soon?"""

import itertools
import threading
import time
from statistics import median

from library import program

EVERY = 0.5  # seconds
LATEST = 1  # seconds, wherever there is a primary
WAITING = """
SELECT count(*) FROM procrastinate_jobs
WHERE status = 'todo' AND queueing_lock LIKE 'bench %'
"""
BEGAN = """
SELECT extract(epoch FROM deferred.at),
  extract(epoch FROM min(started.at) - deferred.at)
FROM procrastinate_jobs job
JOIN procrastinate_events deferred
  ON deferred.job_id = job.id AND deferred.type = 'deferred'
JOIN procrastinate_events started
  ON started.job_id = job.id AND started.type = 'started'
WHERE job.scheduled_at IS NULL
GROUP BY job.id, deferred.at
"""


class Jobs:
    """One each half second, from start to stop, wherever the primary can be asked."""

    def __init__(self):
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        # From the clock of the database to the monotonic one of the stages.
        self._clocks = time.monotonic() - time.time()
        self._began = []

    def start(self):
        self._thread.start()

    def _go_on(self):
        from django.db import connection
        from procrastinate.exceptions import ConnectorException

        from petitions.counting.tasks import roll_up_tally

        for number in itertools.count():
            if self._is_over.wait(EVERY):
                return
            job = roll_up_tally.configure(queueing_lock=f"bench {number}")
            try:
                job.defer(timestamp=0)
            except ConnectorException:  # there is no primary now
                connection.close()

    def stop(self):
        """Until each has begun."""
        from library import rows

        self._is_over.set()
        self._thread.join()
        complaint = "WRONG: jobs never began."
        program.wait_until(lambda: not rows.scalar(WAITING), 60, complaint)
        self._began = [
            (float(at) + self._clocks, float(late)) for at, late in rows.fetch(BEGAN)
        ]

    def compare(self, stages, fault):
        """Says how late they began where there was a primary, and where it was broken.

        What is too late is told to `fault`.
        """
        there, broken = [], []
        for stage in stages:
            late = self.late(stage)
            (there if stage.has_primary else broken).extend(late)
            if stage.has_primary and max(late, default=0) > LATEST:
                fault(f"WRONG: {stage.name}: a job began {max(late):.1f} s late.")
        words = f"{len(there):,} jobs began after {median(there):.3f} s (median),"
        words += f" {max(there):.2f} s at most"
        if broken:
            words += f"; {len(broken):,} more while the primary was broken, after"
            words += f" {median(broken):.3f} s, {max(broken):.1f} s at most"
        return f"{words}."

    def late(self, stage):
        """How many seconds each began late that was deferred in that stage.

        Those of its last second may meet with what is broken next.
        """
        ends = stage.end - 1
        return [late for at, late in self._began if stage.begin <= at < ends]
