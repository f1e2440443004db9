"""The time zones that a campaign can have, by their cities."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models.fields import BLANK_CHOICE_LABEL
from django.utils.html import format_html_join
from django.utils.translation import get_language

from campaigns.local_time import named
from campaigns.models import timezones
from database.zones import GREENWICH
from pages.countries import country_of_clocks
from pages.languages import city_of
from pages.long_select import LongSelect
from pages.sorting import alphabetical


class ZoneSelect(LongSelect):
    """A <select> of all time zones: the known one and that of no place stand first.

    A field that is empty, or may be, can be left so.
    """

    known = ""

    def render(self, name, value, attrs=None, renderer=None):
        self.known = value if value in timezones() else ""
        self.attrs.pop("maxlength", None)  # of the text that it would otherwise be
        return super().render(name, value, attrs, renderer)

    def options(self):
        known = []
        if not (self.known and self.is_required):
            known = [("", BLANK_CHOICE_LABEL)]
        if self.known not in ("", GREENWICH):
            is_place = "/" in self.known
            known += [(self.known, city_of(self.known) if is_place else self.known)]
        no_place = (GREENWICH, named(ZoneInfo(GREENWICH)))
        return _options([*known, no_place]) + _places(get_language())


@lru_cache
def _places(_language):
    """Each city that is a country's, once, by the alphabet."""
    names = filter(country_of_clocks, timezones())
    cities = {city_of(name): name for name in names}
    return _options((cities[city], city) for city in sorted(cities, key=alphabetical))


def _options(named):
    return format_html_join("", '<option value="{}">{}</option>', named)
