"""The public holidays of a country, as the `holidays` package knows them.

Those of the whole country, with the days on which they are observed. The package brings
the rules of all countries, so it is imported when an office first asks: a process that
never does stays smaller. Where it knows nothing, as of years after 2100, no day is a
holiday.
"""

from functools import lru_cache
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

from pages.templatetags.punctuation import comma


def is_public_holiday(country, day):
    return bool(country) and day in _of_year(country, day.year)


def in_words(country, days):
    """A sentence for writers: on which holidays no letter leaves, and why."""
    shown = (_with_name(day, _name(country, day)) for day in days)
    return _("Your letter does not leave on public holidays: %(days)s.") % {
        "days": comma().join(shown)
    }


def _with_name(day, name):
    day = date_format(day, "DATE_FORMAT")
    if not name:
        return day
    # Translators: a public holiday: “25 December 2026 (Christmas Day)”.
    return pgettext("a public holiday", "%(day)s (%(name)s)") % {
        "day": day,
        "name": name,
    }


def _name(country, day):
    """Its name in the language of the page; "" where the package has none in it."""
    language = _language_for(country, to_locale(get_language()))
    return language and _of_year(country, day.year, language).get(day, "")


# An object of the package fills itself while it is asked, so threads share none.
@lru_cache
def _of_year(country, year, language=None):
    rules = _rules_of(country)
    found = rules(years=year, expand=False, language=language) if rules else {}
    return MappingProxyType(dict(found))


def _rules_of(country):
    import holidays

    return getattr(holidays, country, None)


@lru_cache
def _language_for(country, locale):
    """How the package calls this language among those of a country; or ""."""
    rules = _rules_of(country)
    if rules is None:
        return ""
    # Without translations, the names are English.
    theirs = rules.supported_languages or ("en",)
    same = [code for code in theirs if code.split("_")[0] == locale.split("_")[0]]
    return (
        rules.default_language if rules.default_language in same else "".join(same[:1])
    )
