"""What is forgotten, and when: each app brings its rules, one night's work does all.

An AppConfig offers `retention()`, a list of rules. Everything reads the settings when
it is asked, and is harmless to repeat.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Rule:
    """One thing that is forgotten after its time.

    `name` is for reports; `due` says how many rows it would touch now, and changes
    nothing; `forget` does it and says how many it was. Rules of a later `turn` forget
    what those before leave without a use.
    """

    name: str
    words: str
    due: Callable[[], int]
    forget: Callable[[], int]
    turn: int = 1


def rules():
    found = []
    for config in apps.get_app_configs():
        found += getattr(config, "retention", list)()
    return sorted(found, key=lambda rule: rule.turn)


def of_rows(name, words, rows, act, **options):
    """A rule about the rows that `rows()` finds, done by `act(rows())`."""
    return Rule(
        name, words, lambda: rows().count(), lambda: _number(act(rows())), **options
    )


def delete(rows):
    """Delete the rows, and say how many of them it was without what hung on them."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def months_ago(months):
    """This moment, so many calendar months ago; on the month's last day at most."""
    now = timezone.now().astimezone(UTC)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    first = now.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(now.day, (following - timedelta(days=1)).day))


_FINISHED = """
    SELECT job.id FROM procrastinate_jobs AS job
    WHERE job.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
      AND (SELECT max(event.at) FROM procrastinate_events AS event
           WHERE event.job_id = job.id) < now() - make_interval(hours => %s)
"""


def finished_jobs():
    """How many jobs ended KEEP_FINISHED_JOBS_HOURS ago; their events go with them."""
    return _run(f"SELECT count(*) FROM ({_FINISHED}) AS finished")


def forget_finished_jobs():
    return _run(
        f"WITH gone AS (DELETE FROM procrastinate_jobs WHERE id IN ({_FINISHED})"
        " RETURNING 1) SELECT count(*) FROM gone"
    )


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql, [settings.KEEP_FINISHED_JOBS_HOURS])
        return cursor.fetchone()[0]


def _number(done):
    return done if isinstance(done, int) else len(done or ())
