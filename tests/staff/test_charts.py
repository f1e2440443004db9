"""Charts that people can read: round numbers, some days, and what was done when."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from reporting.charts import Chart, Mark

FIRST = date(2026, 11, 1)


def chart(*values, **fields):
    days = [FIRST + timedelta(days=number) for number in range(len(values))]
    return Chart(days, values, max(values), **fields)


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, [1, 0]),
        (1, [1, 0]),
        (4, [4, 3, 2, 1, 0]),
        (7, [8, 6, 4, 2, 0]),
        (51, [60, 40, 20, 0]),
        (1_284, [1_500, 1_000, 500, 0]),
        (1_000_000, [1_000_000, 500_000, 0]),
    ],
)
def test_a_scale_has_round_numbers(highest, scale):
    ticks = chart(highest, 0).ticks

    assert [tick.label for tick in ticks] == scale
    assert (ticks[0].place, ticks[-1].place) == (0, 100)


def test_two_periods_share_one_scale():
    drawn = chart(1, 2, before=[8, 0])

    assert drawn.top == 8
    first, second = drawn.columns
    assert (first.height, first.height_before) == (12.5, 100)
    assert (second.height, second.height_before) == (25, 0)
    assert first.y + first.height == 100


@pytest.mark.parametrize("number", [1, 2, 5, 7, 28, 92])
def test_days_do_not_touch(number):
    dates = chart(*range(number)).dates

    assert len(dates) <= 5
    assert dates[-1].label == FIRST + timedelta(days=number - 1)
    places = [tick.place for tick in dates]
    assert places == sorted(places)
    assert all(later - earlier >= 10 for earlier, later in pairwise(places))


def test_a_mark_stands_over_its_day():
    [mark] = chart(1, 2, 3, 4, marks=[Mark(FIRST + timedelta(2), 1, [])]).placed_marks

    assert mark.place == 62.5


def test_numbers_of_marks_never_lie_on_each_other():
    days = [Mark(FIRST + timedelta(day), day + 1, []) for day in range(30)]

    marks = chart(*range(1, 31), marks=days).placed_marks

    numbered = [mark.place for mark in marks if mark.has_room]
    assert len(marks) == 30
    assert len(numbered) == 10
    assert all(b - a >= 7 for a, b in pairwise(numbered))
