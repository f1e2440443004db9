"""What is forgotten, and when: each model brings its rules, one retention run does all.

The rules stand in the declarations of models (`PersonalData.kept`). Everything reads
the settings when it is asked, and is harmless to repeat.

A rule works in batches, each in a transaction of its own: memory stays flat at any
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

# Some tenths of a second, for which whoever uses one of these rows may wait.
BATCH = 1_000
# Rows that cannot be forgotten, after which a rule is broken and not its rows.
MOST_FAULTS = 10

logger = logging.getLogger(__name__)


class Broken(Exception):
    """More than MOST_FAULTS rows of a rule have failed, the last one by the cause."""


@dataclass(frozen=True)
class Rule:
    """One thing that is forgotten after its time.

    `name` is for reports. `due()` says how many rows it would touch now, and changes
    nothing. `keys()` streams the keys of those rows; `apply(keys)` forgets the rows
    that are still due by then, and says how many. Rules of a later `turn` forget what
    those before leave without a use.
    """

    name: str
    words: str | Promise
    due: Callable[[], int]
    keys: Callable[[], Iterable]
    apply: Callable[[list], int]
    turn: int = 1
    batch: int = BATCH

    def run(self, seconds: float | None = None) -> Iterator["Progress"]:
        """Forget what is due, for so many seconds at most; yields Progress by batch."""
        return _Run(self, seconds).batches()

    def forget(self) -> int:
        """Forget all that is due now; returns how many. Raises what a row raises."""
        number = 0
        for progress in self.run():
            number += progress.number
            for fault in progress.faults:
                raise fault
        return number


@dataclass(frozen=True)
class Progress:
    """What a batch has done. `is_late`: its rule's time is over, and more is due."""

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
        """Forget these in one transaction; if that fails, all but the row in the way.

        One row must not keep all others of its batch, night after night.
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


# What is kept as files and not as rows.
_OTHER_RULES: list[Rule] = []


def add(rule: Rule) -> None:
    """Let the retention run keep a rule about what is no row of a model."""
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
    """A rule about the rows that `rows()` finds, done by `do(those of a batch)`.

    The keys are read by a cursor of the database, once; each batch asks again which of
    its rows are still due.
    """

    def keys():
        found = rows().order_by("pk").values_list("pk", flat=True)
        return found.iterator(chunk_size=BATCH)

    def forget(some):
        return _number(do(rows().filter(pk__in=some)))

    return Rule(name, words, lambda: rows().count(), keys, forget, **options)


def delete(rows: QuerySet) -> int:
    """Delete the rows, and say how many of them it was without what hung on them."""
    # Locked, and looked at again with the lock: what was put to use meanwhile stays.
    locked = rows.order_by("pk").select_for_update(of=("self",))
    keys = list(locked.values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=keys).delete()
    return len(keys)


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
    """Delete jobs; their events go with them. Returns how many it was.

    In SQL, since the queue's models are only to be read.
    """
    keys = list(jobs.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY (%s)", [keys])
        return cursor.rowcount


def _number(done):
    return done if isinstance(done, int) else len(done or ())
