"""The time zones on whose clocks Python and PostgreSQL agree."""

from functools import cache
from zoneinfo import available_timezones

# The zone of this machine is no place, and PostgreSQL does not know it. It takes the
# others for abbreviations, which have no summer.
_NOT_SHARED = {"localtime", "CET", "EET", "MET", "WET"}


@cache
def timezones() -> frozenset[str]:
    """The names of all of them; cached, since Python searches the disk for them."""
    return frozenset(available_timezones() - _NOT_SHARED)
