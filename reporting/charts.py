"""Numbers over time as bars, drawn alike on public pages and on the desk.

A template writes the bars into one SVG, and the same numbers as a table below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# More bars than the days of a quarter are too narrow on a phone.
MOST_BARS = 92
STEP, HEIGHT = 10, 100
LEAST_HEIGHT = 1.5  # so that a one beside a thousand is visible
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Bar:
    begins: date
    value: int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    """One row of numbers over time; from `lowest` to `highest` they fill its height.

    A number below zero is a bar that goes down.
    """

    begins: Sequence[date]
    values: Sequence[int]
    highest: int
    lowest: int = 0
    by_week: bool = False
    label: str = ""

    @property
    def total(self) -> int:
        return sum(self.values)

    @property
    def most(self) -> int:
        return max(self.values)

    @property
    def most_on(self) -> date:
        return self.begins[self.values.index(self.most)]

    @property
    def width(self) -> int:
        return STEP * len(self.values)

    @property
    def bars(self) -> list[Bar]:
        return [
            self._bar(begins, value, STEP * place)
            for place, (begins, value) in enumerate(
                zip(self.begins, self.values, strict=True)
            )
        ]

    def _bar(self, begins: date, value: int, x: int) -> Bar:
        whole = self.highest - self.lowest
        zero = HEIGHT * self.highest / whole if whole else HEIGHT
        height = share(abs(value), whole)
        y = round(zero - height if value > 0 else zero, 2)
        return Bar(begins, value, x, y, height)


def by_day(numbers: Mapping[date, int], last: date) -> Chart | None:
    """The days from the first of these numbers to the last; weeks, if there are many.

    None if there is only one day, or none: there is nothing to compare.
    """
    if not numbers:
        return None
    first, last = min(numbers), max([*numbers, last])
    if first == last:
        return None
    step = DAY if last - first < MOST_BARS * DAY else WEEK
    return _in_steps(numbers, first, last, step)


def by_hour(numbers: Mapping[datetime, int]) -> Chart | None:
    """The hours from the first of these numbers to the last; days, if there are many.

    None if there are no numbers.
    """
    if not numbers:
        return None
    first, last = min(numbers), max(numbers)
    if last - first < MOST_BARS * HOUR:
        return _in_steps(numbers, first, last, HOUR)
    return _in_steps(numbers, first.replace(hour=0), last, DAY)


def share(value: int, highest: int) -> float:
    """The height of a bar from 0 to 100, beside the highest one."""
    if not value:
        return 0.0
    return round(max(LEAST_HEIGHT, HEIGHT * value / highest), 2)


def _in_steps(numbers, first, last, step):
    values = [0] * ((last - first) // step + 1)
    for at, number in numbers.items():
        values[(at - first) // step] += number
    begins = [first + step * place for place in range(len(values))]
    highest, lowest = max(0, *values), min(0, *values)
    return Chart(begins, values, highest, lowest, by_week=step == WEEK)
