"""What waits for a member of staff: each app says what it has.

An AppConfig offers `waiting(user, campaign)`: only things that this person may decide
on, each as a number with the page to do it on. With a campaign, only what belongs to
it. Each costs one statement, however much there is. `only_of` chooses the rows.
"""

from dataclasses import dataclass

from django.apps import apps

from staff import reach


@dataclass(frozen=True)
class Waiting:
    """A number of things, and the page where somebody can do something about them.

    `words` follow the number. `also` says more, in a sentence.
    """

    number: int
    words: str
    page: str
    also: str = ""


def waiting_for(user, campaign=None):
    """What waits for this person in one campaign or in all, in the order of apps."""
    return [
        found
        for config in apps.get_app_configs()
        for found in getattr(config, "waiting", _nothing)(user, campaign)
        if found.number
    ]


def only_of(user, permission, campaign, rows):
    """The rows on which somebody has this permission: of one campaign, or of all."""
    mine = reach.within(user, rows, permission)
    return mine if campaign is None else reach.of_campaigns(mine, [campaign.pk])


def _nothing(user, campaign):
    return []
