"""The public holidays of a country, as the `holidays` package knows them.

Those of the whole country, with the days on which they are observed. The package brings
the rules of all countries, so it is imported when an office first asks: a process that
never does stays smaller. Where it knows nothing, as of years after 2100, no day is a
holiday.
"""

from functools import lru_cache


def is_public_holiday(country, day):
    return bool(country) and day in _of_year(country, day.year)


# An object of the package fills itself while it is asked, so threads share none.
@lru_cache
def _of_year(country, year):
    import holidays

    rules = getattr(holidays, country, None)
    return frozenset(rules(years=year, expand=False) if rules else ())
