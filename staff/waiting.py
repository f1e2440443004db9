"""What waits for a person who works here: each app says what it has for them.

An AppConfig offers `waiting(user)`: only what this person may decide on, each a number
with a page where to do it. One statement each, however much there is.
"""

from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True)
class Waiting:
    """So many of something, and where somebody can do something about them.

    `words` follow the number. `also` says more, in a sentence.
    """

    number: int
    words: str
    page: str
    also: str = ""


def waiting_for(user):
    """What there is for this person, in the order of the apps."""
    return [
        found
        for config in apps.get_app_configs()
        for found in getattr(config, "waiting", _nothing)(user)
        if found.number
    ]


def _nothing(user):
    return []
