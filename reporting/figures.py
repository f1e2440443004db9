"""Numbers over time and by kind, drawn and as a table, for the desk.

An AppConfig offers `figures()`: what it can say of one campaign or of all. A figure is
asked for a period and answers with a table, which knows how it is drawn and how it is
written as a file. Days begin at midnight on the campaign's clocks, as those of the
count do; for all campaigns together, on the site's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo

from django import forms
from django.apps import apps
from django.core.validators import MinValueValidator
from django.db.models.functions import TruncDate
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from database.statement_timeout import TookTooLong, seconds_of_the_database
from pages.day_inputs import DayInput
from reporting import csv_files
from reporting.charts import in_steps, share
from reporting.timeline import marks_in, timeline_of

MOST_SHOWN = 12
FIRST_DAY = date(2000, 1, 1)
PRESETS = {
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
    "all": _("All time"),
}
USUAL = "30"


@dataclass(frozen=True)
class Figure:
    """Something an app can say of a campaign: who may see it, and how it is found.

    `find` is called with a campaign and a period.
    """

    key: str
    title: str
    permission: str
    find: Callable

    def table(self, campaign, period):
        found = self.find(campaign, period)
        found.key, found.title = self.key, self.title
        return found


def figures_for(user):
    """The figures that this person may see, in the order of the apps."""
    return [
        figure
        for config in apps.get_app_configs()
        for figure in getattr(config, "figures", list)()
        if user.has_perm(figure.permission)
    ]


@dataclass(frozen=True)
class Period:
    """A range of days, both ends included. Without a first day it has no beginning.

    Its days begin at midnight in `zone`.
    """

    first: date | None
    last: date
    zone: tzinfo = field(default_factory=timezone.get_default_timezone)

    @classmethod
    def of(cls, preset, zone=None):
        zone = zone or timezone.get_default_timezone()
        last = today(zone)
        if preset == "all":
            return cls(None, last, zone)
        return cls(last - timedelta(days=int(preset) - 1), last, zone)

    @property
    def begins(self):
        """The first moment of the period, or None."""
        return self.first and start_of(self.first, self.zone)

    @property
    def ends(self):
        """The first moment after the period."""
        return start_of(self.last + timedelta(days=1), self.zone)

    def day_of(self, name):
        """The day of a column of moments, for a query."""
        return TruncDate(name, tzinfo=self.zone)

    def within(self, name, *, days=False):
        """The filter for a column of moments, or of days."""
        bounds = {f"{name}__lte": self.last} if days else {f"{name}__lt": self.ends}
        if self.first:
            bounds[f"{name}__gte"] = self.first if days else self.begins
        return bounds


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {"invalid": _("Enter a day like 2026-11-25.")}
    default_validators = [
        MinValueValidator(FIRST_DAY, _("Choose a day after the year 1999."))
    ]

    def __init__(self, label):
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"])


class PeriodForm(forms.Form):
    """A period from one day to another, or a preset, which a link sets as `days`."""

    since = DayField(pgettext_lazy("first day", "From"))
    until = DayField(pgettext_lazy("last day", "To"))

    def __init__(self, data, zone):
        self.zone = zone
        is_typed = bool(data.get("since") or data.get("until"))
        preset = data.get("days") if data.get("days") in PRESETS else USUAL
        self.preset = None if is_typed else preset
        super().__init__(data if is_typed else None)
        self.initial = {"since": self.period.first, "until": self.period.last}
        for name in self.errors:
            # A browser shows an empty date field for a value that is no date.
            self.fields[name].widget.input_type = "text"

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and since > today(self.zone):
            self.add_error("since", _("Choose a day that is not in the future."))
        elif since and until and since > until:
            self.add_error("until", _("Choose a day that is not before “From”."))
        return data

    @property
    def period(self):
        """The period that was asked for; the default one if the form has a fault."""
        if not self.is_bound or not self.is_valid():
            return Period.of(self.preset or USUAL, self.zone)
        last = today(self.zone)
        until = self.cleaned_data["until"] or last
        return Period(self.cleaned_data["since"], min(until, last), self.zone)

    @property
    def query(self):
        """The form's values as a query string for an address."""
        if self.is_bound and self.is_valid():
            return {n: v.isoformat() for n, v in self.cleaned_data.items() if v}
        return {"days": self.preset or USUAL}

    @property
    def presets(self):
        return [(key, words, key == self.preset) for key, words in PRESETS.items()]


@dataclass
class OverTime:
    """Numbers of several kinds by day, or by week if there are many days.

    `series` are the numbers of each day, by the label of their kind.
    """

    series: dict
    period: Period
    note: str = ""
    most_drawn: int | None = None  # draws the first kinds; the table has all
    key: str = ""
    title: str = ""
    marks: Sequence = ()  # what was done on which day (reporting/timeline.py)
    is_over_time = True

    @property
    def is_empty(self):
        return not any(any(numbers.values()) for numbers in self.series.values())

    @cached_property
    def first(self):
        known = [day for numbers in self.series.values() for day in numbers]
        return self.period.first or min(known, default=self.period.last)

    @cached_property
    def charts(self):
        """A chart of each kind."""
        return [
            in_steps(numbers, self.first, self.period.last)
            for numbers in self.series.values()
        ]

    @property
    def by_week(self):
        return self.charts[0].by_week

    @property
    def columns(self):
        return [_("Week from") if self.by_week else _("Day"), *self.series]

    @property
    def drawings(self):
        """The chart of each kind that has any number; all of them have one scale."""
        drawn = list(zip(self.series, self.charts, strict=True))[: self.most_drawn]
        highest = max(chart.highest for _label, chart in drawn)
        return [
            replace(chart, highest=highest, label=str(label), marks=self.marks)
            for label, chart in drawn
            if any(chart.values)
        ]

    @property
    def rows(self):
        """Pairs of a day and its numbers, the newest first."""
        numbers = zip(*(chart.values for chart in self.charts), strict=True)
        return list(zip(self.charts[0].begins, numbers, strict=True))[::-1]

    @property
    def totals(self):
        return [chart.total for chart in self.charts]

    @property
    def cells(self):
        return ([day.isoformat(), *numbers] for day, numbers in self.rows)


@dataclass(frozen=True)
class Kind:
    """One row of a table by kind; its first number is drawn."""

    name: str
    values: list
    share: float


@dataclass
class ByKind:
    """Numbers of each kind of something, for example of each country.

    `found` are (name, numbers), in the order in which they are shown; the first number
    of each is drawn beside it.
    """

    columns: list
    found: list
    note: str = ""
    key: str = ""
    title: str = ""
    extra: list = field(default_factory=list)  # sentences above the table
    is_over_time = False

    @property
    def is_empty(self):
        return not any(any(numbers) for _name, numbers in self.found)

    @cached_property
    def rows(self):
        highest = max((numbers[0] for _name, numbers in self.found), default=0)
        return [
            Kind(str(name), numbers, share(numbers[0], highest))
            for name, numbers in self.found
        ]

    @property
    def shown(self):
        return self.rows[:MOST_SHOWN]

    @property
    def others(self):
        return self.rows[MOST_SHOWN:]

    @property
    def total_of_others(self):
        return sum(row.values[0] for row in self.others)

    @property
    def cells(self):
        return ([name, *numbers] for name, numbers in self.found)


def as_file(table, name):
    """The table as CSV; no spreadsheet runs its cells as formulas."""
    header = [str(column) for column in table.columns]
    rows = (["" if cell is None else cell for cell in row] for row in table.cells)
    return csv_files.download(f"{name}-{table.key}", header, rows)


def figures_page(request, figures, campaign, template, context, *, name):
    """A page with these figures for the address's period; or one of them as a file."""
    form, key = PeriodForm(request.GET, campaign.zone), request.GET.get("csv")
    if key is not None:
        figures = [figure for figure in figures if figure.key == key]
        if not figures:
            raise Http404
    context |= {"form": form, "tables": [], "took_too_long": False}
    try:
        with seconds_of_the_database():
            entries = timeline_of(request.user, campaign)
            context["marks"] = marks = marks_in(entries, form.period)
            for figure in figures:
                table = figure.table(campaign, form.period)
                if table.is_over_time:
                    table.marks = marks
                context["tables"].append(table)
    except TookTooLong:
        context["took_too_long"] = True
    if key is not None and context["tables"]:
        return as_file(context["tables"][0], name)
    return TemplateResponse(request, template, context)


def by_day(rows, labels):
    """The series of an OverTime, from rows of (day, one number for each label)."""
    series = {label: {} for label in labels}
    for day, *numbers in rows:
        for label, number in zip(labels, numbers, strict=True):
            if number:
                series[label][day] = number
    return series


def today(zone=None):
    """The present day in a zone; without one, on the site's clocks."""
    return timezone.localdate(timezone=zone or timezone.get_default_timezone())


def start_of(day, zone=None):
    return datetime.combine(day, time(), zone or timezone.get_default_timezone())
