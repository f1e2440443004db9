"""The time zones on whose clocks Python and PostgreSQL agree."""

from functools import cache
from zoneinfo import available_timezones

# The zone of this machine is no place, and PostgreSQL does not know it. It takes the
# others for abbreviations, which have no summer.
_NOT_SHARED = {"localtime", "CET", "EET", "MET", "WET"}
GREENWICH = "GMT"
_WORDS_OF_PROGRAMS = ("UTC", "UCT", "Universal", "Zulu")
_OF_NO_PLACE = {f"{area}{word}" for area in ("", "Etc/") for word in _WORDS_OF_PROGRAMS}


@cache
def timezones() -> frozenset[str]:
    """The names of all of them; cached, since Python searches the disk for them."""
    return frozenset(available_timezones() - _NOT_SHARED)


def as_people_say(name: str) -> str:
    """The name of a zone whose clocks people know by their own word.

    Behind a time, the clocks of no place are called UTC by Python, and GMT by readers.
    """
    return GREENWICH if name in _OF_NO_PLACE else name
