"""What is deleted or emptied, and when: models bring the rules, the retention run
obeys.

The rules stand in the declarations of the models (`PersonalData.kept`). Each rule reads
the settings when it is asked, and may be repeated without harm.

A rule works in batches, each in a transaction of its own. So memory stays flat at any
number of rows, and a run that was killed goes on where it stopped.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from database.personal_data import declared

if TYPE_CHECKING:
    from procrastinate.contrib.django.models import ProcrastinateJob

# A batch takes some tenths of a second; who needs one of its rows waits so long.
BATCH = 1_000
# When more rows than this cannot be deleted, the rule is broken and not its rows.
MOST_FAULTS = 10

logger = logging.getLogger(__name__)


class Broken(Exception):
    """More than MOST_FAULTS rows of a rule have failed; the last one is the cause."""


@dataclass(frozen=True)
class Rule:
    """One thing that is deleted or emptied after its time.

    `name` is for reports. `due()` says how many rows are due now, and changes nothing.
    `keys()` streams the keys of those rows. `apply(keys)` deletes the rows that are
    still due by then, and returns their number. Rules of a later `turn` delete what has
    no use any more after those before.
    """

    name: str
    words: str | Promise
    due: Callable[[], int]
    keys: Callable[[], Iterable]
    apply: Callable[[list], int]
    turn: int = 1
    batch: int = BATCH

    def run(self, seconds: float | None = None) -> Iterator["Progress"]:
        """Delete what is due, for so many seconds at most; yields Progress by batch."""
        return _Run(self, seconds).batches()

    def forget(self) -> int:
        """Delete all that is due now; returns the number. Raises what a row raises."""
        number = 0
        for progress in self.run():
            number += progress.number
            for fault in progress.faults:
                raise fault
        return number


@dataclass(frozen=True)
class Progress:
    """What a batch has done. `is_late`: the rule's time is over, and more is due."""

    number: int = 0
    faults: tuple[Exception, ...] = ()
    is_late: bool = False


class _Run:
    """One rule at work."""

    def __init__(self, rule: Rule, seconds: float | None) -> None:
        self.rule, self.failed = rule, 0
        self.end = None if seconds is None else time.monotonic() + seconds

    def batches(self) -> Iterator[Progress]:
        for keys in batched(self.rule.keys(), self.rule.batch):
            if self.end is not None and time.monotonic() >= self.end:
                yield Progress(is_late=True)
                return
            faults: list[Exception] = []
            yield Progress(self._forget(list(keys), faults), tuple(faults))

    def _forget(self, keys, faults):
        """Apply the rule to these rows in one transaction; if it fails, to each half.

        So one row that fails does not keep all others of its batch, night after night.
        """
        try:
            with transaction.atomic():
                return self.rule.apply(keys)
        except Exception as fault:
            if len(keys) > 1:
                half = len(keys) // 2
                parts = (keys[:half], keys[half:])
                return sum(self._forget(part, faults) for part in parts)
            logger.exception("Retention rule %s cannot forget a row", self.rule.name)
            faults.append(fault)
            self.failed += 1
            if self.failed > MOST_FAULTS:
                raise Broken(self.rule.name) from fault
            return 0


# Rules about files, which no row of a model keeps.
_OTHER_RULES: list[Rule] = []


def add(rule: Rule) -> None:
    """Let the retention run apply a rule that is not about rows of a model."""
    _OTHER_RULES.append(rule)


def rules() -> list[Rule]:
    found = [kept.rule(each.model) for each in declared() for kept in each.kept]
    return sorted([*found, *_OTHER_RULES], key=lambda rule: rule.turn)


def rule(name: str) -> Rule:
    """The rule of this name."""
    [found] = [each for each in rules() if each.name == name]
    return found


def of_rows(
    name: str,
    words: str | Promise,
    rows: Callable[[], QuerySet],
    do: Callable[[QuerySet], int | Sized | None],
    **options: int,
) -> Rule:
    """A rule that calls `do()` with each batch of the rows that `rows()` finds.

    A cursor of the database reads the keys once. Each batch asks again which of its
    rows are still due.
    """

    def keys():
        found = rows().order_by("pk").values_list("pk", flat=True)
        return found.iterator(chunk_size=BATCH)

    def forget(some):
        return _number(do(rows().filter(pk__in=some)))

    return Rule(name, words, lambda: rows().count(), keys, forget, **options)


def delete(rows: QuerySet) -> int:
    """Delete the rows; returns their number, which leaves out what hung on them."""
    keys = list(still(rows).values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=keys).delete()
    return len(keys)


def still(rows: QuerySet) -> QuerySet:
    """Those of the rows that are among them still once all are locked.

    The lock waits for what puts a row to use meanwhile, but its statement sees only
    what was there when it began. So another one asks again.
    """
    locked = rows.order_by("pk").select_for_update(of=("self",))
    return rows.filter(pk__in=list(locked.values_list("pk", flat=True)))


def months_ago(months: int) -> datetime:
    """This moment, so many calendar months ago; on the month's last day at most."""
    return months_after(timezone.now(), -months)


def months_after(moment: datetime, months: int) -> datetime:
    """So many calendar months after a moment; on the month's last day at most."""
    moment = moment.astimezone(UTC)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(moment.day, (following - timedelta(days=1)).day))


def finished_jobs() -> QuerySet["ProcrastinateJob"]:
    """Jobs that ended KEEP_FINISHED_JOBS_HOURS ago."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    limit = timezone.now() - timedelta(hours=settings.KEEP_FINISHED_JOBS_HOURS)
    ended = ["succeeded", "failed", "cancelled", "aborted"]
    jobs = ProcrastinateJob.objects.filter(status__in=ended)
    return jobs.alias(last=Max("procrastinateevent__at")).filter(last__lt=limit)


def delete_jobs(jobs: QuerySet["ProcrastinateJob"]) -> int:
    """Delete jobs, and their events with them; returns the number of jobs.

    This is SQL because the queue's models are read-only.
    """
    keys = list(jobs.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY (%s)", [keys])
        return cursor.rowcount


def _number(done):
    return done if isinstance(done, int) else len(done or ())
