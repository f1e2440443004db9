"""What came of a campaign, for its feed and its JSON: each with a day and a source.

An AppConfig offers `news(campaign)`: what its app adds to the feed.
"""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.utils.translation import gettext


@dataclass(frozen=True)
class Result:
    """The outcome that a campaigner wrote, or other news, in the shape of a milestone.

    It stands at `page`, or on the action page at `anchor`.
    """

    title: str
    day: date
    words: str
    url: str
    kind: str = "outcome"
    anchor: str = "outcome-title"
    page: str = ""


def outcome_of(campaign):
    """The outcome as readers see it: from the end on; None without one."""
    if not (campaign.has_ended and campaign.outcome):
        return None
    day = campaign.outcome_day or campaign.day_of(campaign.ended_at)
    title = gettext("The result")
    return Result(title, day, campaign.outcome, campaign.outcome_url)


def results_of(campaign):
    """The outcome, and the milestones that say how it ended or what was answered."""
    outcome = outcome_of(campaign)
    return [*([outcome] if outcome else []), *campaign.life.results]


def news_of(campaign):
    """What the other apps add to its feed."""
    for config in apps.get_app_configs():
        if offered := getattr(config, "news", None):
            yield from offered(campaign)
