"""The time zones that can be chosen."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from database.zones import as_people_say, timezones


def zone_named(name):
    """The zone of this name, or None; its times end with what people call it."""
    return ZoneInfo(as_people_say(name)) if name in timezones() else None


def the_sites_zone():
    return settings.TIME_ZONE


def validate_timezone(name):
    if name not in timezones():
        raise ValidationError(_("Enter a time zone, like America/Los_Angeles."))
