"""The queue of jobs: when jobs start, and how far it is behind.

The queue starts jobs by the clock of the database, so the times in its rows are of that
clock. Everything else is due by the clock of this machine (decision 38). The two may be
minutes apart.
"""

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

# A job that waits for its own time is not late. One that has failed before is.
_OLDEST = """
SELECT extract(epoch FROM clock_timestamp() - greatest((
    SELECT min(event.at) FROM procrastinate_events event
    WHERE event.job_id = job.id AND event.type = 'deferred'
), CASE WHEN job.attempts = 0 THEN job.scheduled_at END))
FROM procrastinate_jobs job
WHERE job.status = 'todo' AND job.task_name LIKE ANY (%s)
  AND (job.scheduled_at IS NULL OR job.scheduled_at <= clock_timestamp()
       OR job.attempts > 0)
ORDER BY job.priority DESC, job.id LIMIT 1
"""


def start_what_is_due() -> None:
    """Start jobs that are due by this machine's clock, but not yet by the database's.

    The queue itself schedules jobs that failed by this machine's clock. A database
    whose clock is behind would start them late.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"
            " AND scheduled_at <= %s AND scheduled_at > now()",
            [timezone.now()],
        )


def seconds_behind(tasks: Sequence[str] = ("%",)) -> float:
    """For how many seconds the oldest job that could run has waited; 0 when none waits.

    `tasks` are LIKE patterns for the names of tasks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [list(tasks)])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return 0
    return max(0, float(row[0]))


def seconds_since_heartbeat() -> float | None:
    """Seconds since a worker last showed that it lives; None when none ever did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))"
            " FROM procrastinate_workers"
        )
        [seconds] = cursor.fetchone()
    return seconds and max(0, float(seconds))
