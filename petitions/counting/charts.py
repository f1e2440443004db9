"""What a petition's charts draw: numbers and places, and their words for a table."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone
from django_countries import countries

from reporting.charts import HEIGHT, MOST_BARS, STEP, DayBar, Days, drawn

MOST_COUNTRIES = 12


@dataclass(frozen=True)
class Country:
    name: str
    value: int
    share: float


def by_day(petition):
    """The days from the first signature to today or to the end; None without any."""
    added = dict(petition.days.filter(added__gt=0).values_list("day", "added"))
    if not added:
        return None
    ended = petition.campaign.ended_at
    today = timezone.now().date()
    return drawn(added, min(today, ended.date()) if ended else today)


def by_country(petition):
    """The countries with the most signatures, and how many all others have."""
    rows = petition.tally.values("country").annotate(total=Sum("delta"))
    rows = list(rows.filter(total__gt=0).order_by("-total", "country"))
    if not rows:
        return None
    highest = rows[0]["total"]
    shown = [
        Country(
            name=countries.name(row["country"]) or row["country"],
            value=row["total"],
            share=round(100 * row["total"] / highest, 2),
        )
        for row in rows[:MOST_COUNTRIES]
    ]
    others = rows[MOST_COUNTRIES:]
    return {
        "shown": shown,
        "others": len(others),
        "others_value": sum(row["total"] for row in others),
    }


def by_hour(numbers):
    """The hours from the first of these to the last; days, if there are many.

    None if there are none.
    """
    if not numbers:
        return None
    first, last = min(numbers), max(numbers)
    by_day = (last - first) / timedelta(hours=1) >= MOST_BARS
    if by_day:
        first = first.replace(hour=0)
    step = timedelta(days=1) if by_day else timedelta(hours=1)
    values = [0] * ((last - first) // step + 1)
    for hour, number in numbers.items():
        values[(hour - first) // step] += number
    highest = max(values) or 1
    bars = [
        DayBar(
            day=first + step * place,
            value=value,
            x=STEP * place,
            height=round(HEIGHT * value / highest, 2),
        )
        for place, value in enumerate(values)
    ]
    return Days(bars, highest, by_week=False)
