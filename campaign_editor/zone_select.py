"""The time zones that a campaign can have, by region."""

from functools import cache
from zoneinfo import ZoneInfo

from django.utils.html import format_html_join

from campaigns.local_time import named
from campaigns.models import timezones
from database.zones import GREENWICH
from pages.long_select import LongSelect


class ZoneSelect(LongSelect):
    """A <select> of all time zones: a known one and that of no place stand first."""

    known = ""

    def options(self):
        known = [(self.known, self.known)] if self.known != GREENWICH else []
        no_place = (GREENWICH, named(ZoneInfo(GREENWICH)))
        return _options([*known, no_place]) + _places()


@cache
def _places():
    regions = {}
    for name in sorted(timezones()):
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "posix", "right"):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    groups = [(region, _options(places)) for region, places in regions.items()]
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def _options(named):
    return format_html_join("", '<option value="{}">{}</option>', named)
