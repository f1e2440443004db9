"""What came of a campaign, for its feed and its JSON: each with a day and a source."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext


@dataclass(frozen=True)
class Result:
    """The outcome that a campaigner wrote, in the shape of a milestone."""

    title: str
    day: date
    words: str
    url: str
    kind: str = "outcome"
    anchor: str = "outcome-title"


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
