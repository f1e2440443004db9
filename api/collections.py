"""The lists that programs read, with the adjectives by which pages choose rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.fields import Resource
from api.resources import ANSWER, CAMPAIGN, COMMENT, PETITION_IN_LIST, UPDATE
from campaigns.models import Campaign
from campaigns.models.text import localize
from campaigns.models.update import tell_updates
from comments.models import Comment
from letters.officials.answers import OfficialAnswer
from petitions.petition import Petition, Standing


@dataclass(frozen=True)
class Collection:
    """One list of rows, the newest first; what it costs does not grow with its rows.

    `rows` finds those of a campaign, or of all; `prepare` has a page of them know what
    an answer says, in the language of the address.
    """

    name: str  # of its view; that of its pages and rows begins with it
    rel: str
    resource: Resource
    rows: Callable[[Any], Any]
    prepare: Callable[[list[Any], Any], None]
    words: str
    of_campaign: bool = True


def _campaigns(_campaign=None):
    found = Campaign.objects.published()
    return found.prefetch_related("milestones")


def _petitions(_campaign=None):
    shown = Campaign.objects.published()
    found = Petition.objects.filter(campaign__in=shown)
    return found.select_related("campaign").with_count()


def _tell_petitions(petitions, _campaign):
    localize([petition.campaign for petition in petitions])
    for petition in petitions:
        petition.standing = Standing(petition.count, 0)


def _tell_updates(updates, campaign):
    for update in updates:
        update.campaign = campaign
    tell_updates(updates)


def _know_campaign(rows, campaign):
    for row in rows:
        row.campaign = campaign


def _know_letter(answers, campaign):
    for answer in answers:
        answer.letter.campaign = campaign


CAMPAIGNS = Collection(
    "campaigns",
    "campaigns",
    CAMPAIGN,
    _campaigns,
    lambda rows, _campaign: localize(rows),
    "The campaigns that have a page in the language of the address.",
    of_campaign=False,
)
PETITIONS = Collection(
    "petitions",
    "osdi:petitions",
    PETITION_IN_LIST,
    _petitions,
    _tell_petitions,
    "The petitions of these campaigns.",
    of_campaign=False,
)
UPDATES = Collection(
    "updates",
    "updates",
    UPDATE,
    lambda campaign: campaign.updates.published(),
    _tell_updates,
    "What a campaign has told its followers.",
)
COMMENTS = Collection(
    "comments",
    "comments",
    COMMENT,
    lambda campaign: (
        Comment.objects.readable().filter(campaign=campaign).select_related("parent")
    ),
    _know_campaign,
    "The comments that readers see under a campaign.",
)
ANSWERS = Collection(
    "answers",
    "answers",
    ANSWER,
    lambda campaign: (
        OfficialAnswer.objects.shown()
        .filter(letter__campaign=campaign)
        .select_related("recipient", "letter")
    ),
    _know_letter,
    "What officials have answered to everybody who wrote.",
)
COLLECTIONS = (CAMPAIGNS, PETITIONS, UPDATES, COMMENTS, ANSWERS)
