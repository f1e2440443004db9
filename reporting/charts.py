"""Numbers over time as bars, drawn alike on public pages and on the desk.

A template writes the columns into one SVG, and the same numbers as a table below it
(components/chart.html and, with axes, admin/figures/_chart.html). All is given in
percent of the SVG, so that its letters keep their size in every window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import pgettext

# More bars than the days of a quarter are too narrow on a phone.
MOST_BARS = 92
HEIGHT = 100
LEAST_HEIGHT = 1.5  # so that a one beside a thousand is visible
# How a scale may be divided, so that people can read it: 0, 5, 10 and not 0, 7, 14.
ROUND = (1, 2, 5)
MOST_TICKS, MOST_DATES = 4, 5
GAP = 0.2  # of the width of a column
# A number in its circle needs so much of the width of a chart, in percent.
LEAST_ROOM = 7
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Tick:
    """A number or a day beside an axis, and its place in percent."""

    label: int | date
    place: float
    anchor: str = "middle"


@dataclass(frozen=True)
class Mark:
    """What was done on a day: its number in the chart, and in the list below it.

    `said` are pairs of words and the page that they lead to, or "".
    """

    day: date
    number: int
    said: Sequence[tuple[str, str]]
    place: float = 0
    has_room: bool = True  # for its number, beside that of the mark before


@dataclass(frozen=True)
class Column:
    """A number and the one of the period before; places and sizes are in percent."""

    begins: date
    value: int
    before: int
    left: float
    width: float
    y: float
    height: float
    y_before: float
    height_before: float


@dataclass(frozen=True)
class Chart:
    """One row of numbers over time; from `lowest` to `highest` they need its height.

    A number below zero is a column that goes down. `before` are the numbers of the
    period before, as many; `marks` say what was done on which day.
    """

    begins: Sequence[date]
    values: Sequence[int]
    highest: int
    lowest: int = 0
    by_week: bool = False
    by_hour: bool = False
    label: str = ""
    before: Sequence[int] = ()
    marks: Sequence[Mark] = ()

    @property
    def total(self) -> int:
        return sum(self.values)

    @property
    def has_course(self) -> bool:
        """Whether there is more to see than one bar in an empty frame."""
        shown = sum(map(bool, (*self.values, *self.before)))
        return shown > 1 or bool(shown and self.marks)

    @property
    def most(self) -> int:
        return max(self.values)

    @property
    def most_on(self) -> date:
        return self.begins[self.values.index(self.most)]

    @property
    def top(self) -> int:
        """The number at the upper end of the scale."""
        highest = max(self.highest, *self.before, 1)
        step = self._step(highest)
        return -(-highest // step) * step

    @property
    def ticks(self) -> list[Tick]:
        """The numbers of the scale, from its top down to zero."""
        top = self.top
        return [
            Tick(number, round(HEIGHT - HEIGHT * number / top, 2))
            for number in range(top, -1, -self._step(top))
        ]

    @property
    def dates(self) -> list[Tick]:
        """Some of the days, so that their names do not touch on a phone."""
        last = len(self.begins) - 1
        every = max(1, -(-len(self.begins) // MOST_DATES))
        shown = range(last % every, last + 1, every)
        return [
            Tick(self.begins[number], *self._place_of(number, last)) for number in shown
        ]

    def _place_of(self, number: int, last: int) -> tuple[float, str]:
        if number == last and last:
            return 100, "end"
        if number == 0 and last:
            return 0, "start"
        return round(100 * (number + 0.5) / (last + 1), 2), "middle"

    @property
    def moment_format(self) -> str:
        """The name of the format in which a sentence says when a bar begins."""
        return "DATETIME_FORMAT" if self.by_hour else "DATE_FORMAT"

    @property
    def tick_format(self) -> str:
        """The format of the names below the bars, which have little room."""
        if self.by_hour:
            return "D H:i"
        spans_years = self.begins[0].year != self.begins[-1].year
        if spans_years:
            # Translators: how Django writes a month and year in little room.
            return pgettext("date format", "M Y")
        # Translators: how Django writes a day and month in little room.
        return pgettext("date format", "j M")

    @property
    def columns(self) -> list[Column]:
        wide, whole = 100 / len(self.values), self.top - self.lowest
        zero = HEIGHT * self.top / whole
        before = self.before or [0] * len(self.values)
        return [
            Column(
                begins,
                value,
                earlier,
                round(wide * (place + GAP / 2), 2),
                round(wide * (1 - GAP), 2),
                round(zero - share(max(0, value), whole), 2),
                share(abs(value), whole),
                round(zero - share(earlier, whole), 2),
                share(earlier, whole),
            )
            for place, (begins, value, earlier) in enumerate(
                zip(self.begins, self.values, before, strict=True)
            )
        ]

    @property
    def placed_marks(self) -> list[Mark]:
        """The marks with their places; one before the first day stands at its left.

        Where many stand close, some have a line without a number: numbers that lie on
        each other tell nobody anything, and the list below names all.
        """
        wide = 100 / len(self.begins)
        found: list[Mark] = []
        free_from = 0.0
        for mark in self.marks:
            column = sum(begins <= mark.day for begins in self.begins) - 1
            place = round(wide * (max(0, column) + 0.5), 2)
            has_room = place >= free_from
            if has_room:
                free_from = place + LEAST_ROOM
            found.append(replace(mark, place=place, has_room=has_room))
        return found

    @staticmethod
    def _step(highest: int) -> int:
        """The smallest round number that divides a scale into MOST_TICKS at most."""
        tens = 1
        while True:
            for first in ROUND:
                if first * tens * MOST_TICKS >= highest:
                    return first * tens
            tens *= 10


def by_day(numbers: Mapping[date, int], last: date) -> Chart | None:
    """The days from the first of these numbers to the last; weeks, if there are many.

    None if there is only one day, or none: there is nothing to compare.
    """
    if not numbers:
        return None
    first, last = min(numbers), max([*numbers, last])
    if first == last:
        return None
    return in_steps(numbers, first, last)


def by_hour(numbers: Mapping[datetime, int]) -> Chart | None:
    """The hours from the first of these numbers to the last; days, if there are many.

    None if there are no numbers.
    """
    if not numbers:
        return None
    first, last = min(numbers), max(numbers)
    if last - first < MOST_BARS * HOUR:
        return in_steps(numbers, first, last, HOUR)
    return in_steps(numbers, first.replace(hour=0), last, DAY)


def share(value: int, highest: int) -> float:
    """The height of a bar from 0 to 100, beside the highest one."""
    if not value:
        return 0.0
    return round(max(LEAST_HEIGHT, HEIGHT * value / highest), 2)


def in_steps(numbers, first, last, step=None):
    """A chart with a bar for each step; without one, by day, or by week if many."""
    step = step or (DAY if last - first < MOST_BARS * DAY else WEEK)
    values = [0] * ((last - first) // step + 1)
    for at, number in numbers.items():
        values[(at - first) // step] += number
    begins = [first + step * place for place in range(len(values))]
    highest, lowest = max(0, *values), min(0, *values)
    return Chart(
        begins, values, highest, lowest, by_week=step == WEEK, by_hour=step == HOUR
    )
