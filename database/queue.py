"""The queue: when jobs start, and how far it is behind.

The queue starts jobs by the clock of the database, and its rows are told in it alone.
Everything else is due by our own clock (decision 38): they may be minutes apart.
"""

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

# Jobs that wait for a time of their own are not late; those that failed before are.
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
    """Let jobs start whose moment has come by our clock alone: those that have failed
    are scheduled by the queue itself, and a database that is behind starts them late.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"
            " AND scheduled_at <= %s AND scheduled_at > now()",
            [timezone.now()],
        )


def seconds_behind(tasks: Sequence[str] = ("%",)) -> float:
    """For how long the oldest job that could run has waited; 0 when none waits.

    `tasks` are patterns of LIKE for the tasks' names.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [list(tasks)])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return 0
    return max(0, float(row[0]))


def seconds_since_heartbeat() -> float | None:
    """When a worker last said that it lives; None when none ever did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat))"
            " FROM procrastinate_workers"
        )
        [seconds] = cursor.fetchone()
    return seconds and max(0, float(seconds))
