"""The time zones that a campaign can have, by region."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models.fields import BLANK_CHOICE_LABEL
from django.utils.html import format_html_join
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.local_time import named
from campaigns.models import timezones
from database.zones import GREENWICH
from pages.countries import country_of_clocks
from pages.languages import city_of
from pages.long_select import LongSelect
from pages.sorting import alphabetical

# By the first part of a zone’s name.
REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    # As countries, these two are words of Django Countries, which supporters read.
    "Antarctica": pgettext_lazy("region of clocks", "Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": pgettext_lazy("region of clocks", "Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}


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
def _places(language):
    """Each city once, under the name that is its own, if it has several here."""
    regions = {}
    for name in sorted(
        timezones(), key=lambda name: (not country_of_clocks(name), name)
    ):
        region, _slash, place = name.partition("/")
        if place and region in REGIONS:
            regions.setdefault(region, {}).setdefault(city_of(name), name)
    groups = sorted(
        (
            (str(REGIONS[region]), _options(_by_alphabet(names)))
            for region, names in regions.items()
        ),
        key=lambda group: alphabetical(group[0]),
    )
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def _by_alphabet(names):
    return [(names[city], city) for city in sorted(names, key=alphabetical)]


def _options(named):
    return format_html_join("", '<option value="{}">{}</option>', named)
