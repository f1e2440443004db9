"""Columns of lists that show moments in short, so that many fit beside each other."""

from django.contrib import admin
from django.db import models

from database.moments import day_and_hour


def with_short_moments(model_admin, names):
    """These columns of an admin's list, with one of ours for each moment.

    It is on the clocks in force, or on those of `zone_of_row(row)` of the admin.
    """
    fields = {field.name: field for field in model_admin.opts.fields}
    return [
        _column(model_admin, fields[name])
        if isinstance(fields.get(name), models.DateTimeField)
        else name
        for name in names
    ]


def _column(model_admin, field):
    zone_of = getattr(model_admin, "zone_of_row", lambda _row: None)

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(row):
        moment = getattr(row, field.name)
        return moment and day_and_hour(moment, zone_of(row))

    column.__name__ = field.name
    return column
