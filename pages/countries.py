"""The country field of a form, whose <option>s are rendered once for each language.

The likely country stands first: with scripts those of the reader's languages, and then
that of the campaign's clocks. Pages are cached, so the server looks at no reader.
"""

from functools import lru_cache
from importlib.resources import files

from django import forms
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from pages.long_select import LongSelect
from pages.sorting import alphabetical


class CountrySelect(LongSelect):
    """A <select> of all countries."""

    html = "<likely-country><select{}>{}</select></likely-country>"
    # The code of the country that stands first; empty if none does.
    likely = ""

    def options(self) -> SafeString:
        return format_html(
            '<option value="">{}</option>{}',
            _("Choose"),
            _options(translation.get_language(), self.likely),
        )


class CountryField(forms.CharField):
    widget = CountrySelect

    def clean(self, value: str | None) -> str:
        value = super().clean(value)
        if value not in codes():
            raise forms.ValidationError(_("Choose your country."), code="country")
        return value


@lru_cache
def codes() -> frozenset[str]:
    return frozenset(code for code, _name in countries)


# 250 names are looked up and sorted in 8 ms, as long as an action page takes.
@lru_cache
def _options(language, likely):
    with translation.override(language):
        named = [(c.code, c.name) for c in countries]
    named.sort(key=lambda country: (country[0] != likely, alphabetical(country[1])))
    return format_html_join("", '<option value="{}">{}</option>', named)


def country_of_clocks(timezone: str) -> str:
    """The country of a time zone by its name, or "" if it is that of no country."""
    return _countries_of_zones().get(timezone, "")


@lru_cache
def _countries_of_zones():
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line[:1] != "#")
    return {zone: country for country, _place, zone, *_note in rows}
