"""How a moment stands in the name of a row and in the lists of staff.

It is on the clocks that are in force, or on those of the zone that is given.
"""

from datetime import datetime, tzinfo

from django.utils.formats import date_format
from django.utils.timezone import localtime


def day_and_hour(moment: datetime, zone: tzinfo | None = None) -> str:
    """A moment with its clocks, like “28 Nov 2026, 18:00 PST”."""
    return date_format(localtime(moment, zone), "SHORT_DATETIME_FORMAT")


def day_of(moment: datetime, zone: tzinfo | None = None) -> str:
    """The day of a moment, like “28 Nov 2026”."""
    return date_format(localtime(moment, zone), "SHORT_DATE_FORMAT")
