"""What waits for a member of staff: each app says what it has.

An AppConfig offers `waiting(user)`: only things that this person may decide on, each as
a number with the page to do it on. Each costs one statement, however much there is.
"""

from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True)
class Waiting:
    """A number of things, and the page where somebody can do something about them.

    `words` follow the number. `also` says more, in a sentence.
    """

    number: int
    words: str
    page: str
    also: str = ""


def waiting_for(user):
    """What waits for this person, in the order of the apps."""
    return [
        found
        for config in apps.get_app_configs()
        for found in getattr(config, "waiting", _nothing)(user)
        if found.number
    ]


def _nothing(user):
    return []
