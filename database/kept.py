"""How long rows of a model are kept, as the model's declaration says it.

Each `Kept` is one rule of the retention run, one line of the table on the privacy page,
and one line of the ledger, which finds what is stored for longer than its period.
"""

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from database.personal_data import declared
from database.retention import BATCH, Rule, delete, months_after, of_rows

# How long a row may be over its time before staff are told: a night's run may have
# failed, and the next one goes on.
SLACK = timedelta(days=2)
# What the days of a setting count from, where a row is kept for one of several reasons.
_BEGINS = {
    "KEEP_UNCONFIRMED_DAYS": _("%s after our last email about it"),
    "KEEP_HELD_DAYS": _("%s if nobody decides on it"),
    "KEEP_WITHDRAWN_DAYS": _("%s after it was removed or rejected"),
    "UNDO_DAYS": _("%s after we took it out of the count"),
    "KEEP_SPAM_DAYS": _("%s if it is spam"),
    "KEEP_SIGNERS_MONTHS": _("%s after the campaign’s end"),
    "KEEP_AFTER_HANDOVER_DAYS": _("%s after it was handed over, if that is later"),
    "KEEP_SIGNERS_AT_MOST_MONTHS": _("%s after the campaign’s end at the latest"),
}

# The name of a setting, or days.
type Period = str | int


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What of a model is deleted or emptied after its time, and when that time begins.

    The rows of `where` are due whose column `since` lies `period` back. Where that does
    not say it, `due` finds them, a verb of the queryset or a function. Due rows are
    deleted. If `empties` names columns with what is left in them, these are emptied
    instead; or `do` is called, a verb or a function that returns a number of rows.

    `since` may be several columns: the first must lie back so long, and so must the
    others where they are filled. It may also be a function that makes the filter of a
    moment.
    """

    name: str
    words: str | Promise
    # With several periods, a row is kept for one or for the other.
    period: Period | tuple[Period, ...] = ()
    since: str | tuple[str, ...] | Callable[[datetime], Q] = ""
    where: Q = field(default_factory=Q)
    due: str | Callable[[], QuerySet] = ""
    do: str | Callable[[QuerySet], int | Sized | None] = delete
    empties: Mapping[str, Any] | None = None
    # The ledger tells staff after all of these periods, one after the other. Without
    # `since`, time alone does not say whether a row should be gone.
    at_most: tuple[Period, ...] = ()
    # Rules of a later turn delete what has no use any more after those before.
    turn: int = 1
    batch: int = BATCH
    # What readers call it, if to them several rules are one. They have one period then.
    told_as: str | Promise = ""

    @property
    def periods(self) -> tuple[Period, ...]:
        return self.period if isinstance(self.period, tuple) else (self.period,)

    @property
    def is_timed(self) -> bool:
        """Whether the ledger can tell what is over its time."""
        return bool(self.since)

    def rule(self, model: type[Model]) -> Rule:
        """The rule that the retention run obeys."""
        options = {"turn": self.turn, "batch": self.batch}
        return of_rows(
            self.name, self.words, lambda: self.due_rows(model), self._forget, **options
        )

    def due_rows(self, model: type[Model]) -> QuerySet:
        """The rows that should be deleted or emptied now."""
        if self.due:
            return _called(self.due, model._default_manager)
        return self._from_before(back(*self.periods), model)

    def overdue_rows(self, model: type[Model]) -> QuerySet:
        """The rows that should have gone SLACK ago, by the privacy page's periods."""
        return self._from_before(back(*self.at_most or self.periods) - SLACK, model)

    def _from_before(self, moment, model):
        if callable(self.since):
            return model._default_manager.filter(self.where, self.since(moment))
        first, *others = [self.since] if isinstance(self.since, str) else self.since
        found = model._default_manager.filter(self.where, **{f"{first}__lt": moment})
        for column in others:
            found = found.filter(Q(**{f"{column}__lt": moment}) | Q(**{column: None}))
        return found

    def _forget(self, rows):
        if self.empties is not None:
            return rows.update(**self.empties)
        return _called(self.do, rows, rows)


def back(*periods: Period) -> datetime:
    """The moment that lies these periods back, one after the other."""
    moment = timezone.now()
    for period in periods:
        number, unit = _number_of(period)
        if unit == "MONTHS":
            moment = months_after(moment, -number)
        else:
            moment -= timedelta(**{unit.lower(): number})
    return moment


def table() -> list[tuple[str, list[str]]]:
    """Pairs of what is deleted or emptied, and after how long, in words."""
    every = (kept for each in declared() for kept in each.kept)
    told = {
        capfirst(str(kept.told_as or kept.words)): list(_in_words(kept))
        for kept in every
    }
    return list(told.items())


def networks_kept(
    name: str, words: str | Promise, *, since: str, empty: str | None = ""
) -> Kept:
    """The rule for scrambled forms of networks, which stand in `network_hash`."""
    return Kept(
        name=name,
        words=words,
        told_as=_("scrambled forms of networks"),
        period="KEEP_NETWORK_HASH_DAYS",
        since=since,
        where=~Q(network_hash=empty),
        empties={"network_hash": empty},
    )


def _in_words(kept):
    for period in filter(None, kept.periods):
        number, unit = _number_of(period)
        units = {
            "HOURS": ngettext("%(number)d hour", "%(number)d hours", number),
            "DAYS": ngettext("%(number)d day", "%(number)d days", number),
            "MONTHS": ngettext("%(number)d month", "%(number)d months", number),
        }
        begins = _BEGINS.get(period, "%s") if len(kept.periods) > 1 else "%s"
        yield str(begins) % (units[unit] % {"number": number})


def _number_of(period):
    """The number of a period and its unit. The name of a setting ends with its unit."""
    if isinstance(period, int):
        return period, "DAYS"
    return getattr(settings, period), period.rpartition("_")[2]


def _called(what, rows, *arguments):
    """What a verb of these rows, or a function, returns."""
    return what(*arguments) if callable(what) else getattr(rows, what)()
