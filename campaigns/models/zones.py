"""The time zones that can be chosen."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@cache
def timezones():
    """The names of all time zones; cached, since Python searches the disk for them.

    Not the zone of this machine, which is no place, and unknown to the database.
    """
    return frozenset(available_timezones() - {"localtime"})


def zone_named(name):
    """The zone of this name, or None."""
    return ZoneInfo(name) if name in timezones() else None


def the_sites_zone():
    return settings.TIME_ZONE


def validate_timezone(name):
    if name not in timezones():
        raise ValidationError(_("Enter a time zone, like America/Los_Angeles."))
