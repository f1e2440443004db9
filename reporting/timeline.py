"""What was done in a campaign and when, for its page on the desk and for its charts.

An AppConfig offers `timeline(user, campaign)`: what it knows of and this person may
see, as TimelineEntry. An entry has a page only if they may open it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps

from reporting.charts import Mark

MOST_SHOWN = 30


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened at a moment; `page` leads to it.

    What is `marked` may explain a number: the charts show it.
    """

    at: datetime
    words: str
    page: str = ""
    also: str = ""
    marked: bool = False


def timeline_of(user, campaign):
    """What has happened until now and this person may see, the newest first."""
    found = [
        entry
        for config in apps.get_app_configs()
        for entry in getattr(config, "timeline", _nothing)(user, campaign)
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST_SHOWN]


def marks_in(entries, period):
    """The marks of a chart of this period, the first one first."""
    by_day: dict[date, list] = {}
    for entry in reversed(entries):
        is_within = (period.begins is None or period.begins <= entry.at) and (
            entry.at < period.ends
        )
        if entry.marked and is_within:
            day = entry.at.astimezone(period.zone).date()
            by_day.setdefault(day, []).append((str(entry.words), entry.page))
    return [
        Mark(day, number, said)
        for number, (day, said) in enumerate(by_day.items(), start=1)
    ]


def _nothing(user, campaign):
    return []
