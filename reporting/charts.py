"""Bars over days, and their words for a table."""

from dataclasses import dataclass
from datetime import date, timedelta

# More bars than the days of a quarter are too narrow on a phone: weeks are drawn then.
MOST_BARS = 92
HEIGHT, STEP = 100, 10


@dataclass(frozen=True)
class DayBar:
    day: date
    value: int
    x: int
    height: float

    @property
    def y(self):
        return HEIGHT - self.height


@dataclass(frozen=True)
class Days:
    """The numbers of days, or of weeks that each begin on one of `days`."""

    bars: list
    highest: int
    by_week: bool

    @property
    def width(self):
        return STEP * len(self.bars)


def drawn(numbers, last):
    """The days from the first of these numbers to the last; None if there are none."""
    if not numbers:
        return None
    first = min(numbers)
    last = max([*numbers, last])
    step = 1 if (last - first).days < MOST_BARS else 7
    values = [0] * ((last - first).days // step + 1)
    for day, number in numbers.items():
        values[(day - first).days // step] += number
    highest = max(values)
    bars = [
        DayBar(
            day=first + timedelta(days=step * place),
            value=value,
            x=STEP * place,
            height=round(HEIGHT * value / highest, 2),
        )
        for place, value in enumerate(values)
    ]
    return Days(bars, highest, by_week=step == 7)
