"""From reading a campaign to acting in it: the steps, beside those of the time before.

An AppConfig offers `funnel(user, campaign, period)`: the steps that it counts and that
this person may see. All are read from days that are added up already, or by an index.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.apps import apps

from reporting.charts import Chart, share
from reporting.figures import Period


@dataclass(frozen=True)
class FunnelStep:
    """How often people did something on each day; `place` orders it among the others.

    `key` names it on the page. A part is one of those who came as far as an earlier
    step, so that its share of the step before it would say nothing.
    """

    place: int
    key: str
    label: str
    numbers: dict
    note: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class StepOfTwo:
    """A step in a period, and in as many days before it.

    `of_last` says how many of a hundred of the step before came as far; None where that
    would say nothing.
    """

    step: FunnelStep
    chart: Chart
    now: int
    before: int
    of_last: int | None = None
    share: float = 0  # of the step that most people took, in percent

    @property
    def change(self):
        """By how many percent it is more or less than before; None without a before."""
        if not self.before:
            return None
        return round(100 * (self.now - self.before) / self.before)

    def with_marks(self, marks):
        """The same, whose chart says what was done on which day."""
        return replace(self, chart=replace(self.chart, marks=marks))

    @property
    def is_empty(self):
        return not (self.now or self.before)


def funnel_of(user, campaign, days):
    """The steps of the last `days`, today included, beside as many days before."""
    period = Period.of(days, campaign.zone)
    number = int(days)
    whole = Period(period.first - timedelta(days=number), period.last, campaign.zone)
    steps = [
        step
        for config in apps.get_app_configs()
        for step in getattr(config, "funnel", _nothing)(user, campaign, whole)
    ]
    steps.sort(key=lambda step: step.place)
    found: list[StepOfTwo] = []
    for step in steps:
        last = found[-1].now if found else 0
        found.append(_beside(step, period, number, last))
    most = max((each.now for each in found), default=0)
    return period, [replace(each, share=share(each.now, most)) for each in found]


def day_by_day(steps):
    """Pairs of a day and the number of each step on it, the newest first."""
    charts = [step.chart for step in steps]
    if not charts:
        return []
    numbers = zip(*(chart.values for chart in charts), strict=True)
    return list(zip(charts[0].begins, numbers, strict=True))[::-1]


def _beside(step, period, number, last):
    days = [period.first + timedelta(days=day) for day in range(number)]
    values = [step.numbers.get(day, 0) for day in days]
    back = timedelta(days=number)
    before = [step.numbers.get(day - back, 0) for day in days]
    chart = Chart(days, values, max(0, *values), label=str(step.label), before=before)
    now = sum(values)
    of_last = round(100 * now / last) if 0 < now <= last and not step.is_part else None
    return StepOfTwo(step, chart, now, sum(before), of_last)


def _nothing(user, campaign, period):
    return []
