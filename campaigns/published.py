"""The published campaign that an address names: what most public pages begin with."""

from django.http import Http404
from django.utils.translation import get_language

from campaigns.models.campaign import Campaign
from database.prepared import Given, PreparedQuery

# It helps readers who wait while a page is rendered anew. Built anew each time, it
# makes the action page cost 1.12 times as much (bench/run.py, “Uncached page”; decision
# 46).
_PUBLISHED = PreparedQuery(
    lambda: Campaign.objects.published().filter(
        slug=Given("slug"), language=Given("language")
    )
)


def published_campaign(slug: str) -> Campaign:
    """The campaign that visitors may see at this address, in the page's language.

    Raises Http404.
    """
    for campaign in _PUBLISHED.rows(slug=slug, language=get_language()):
        return campaign
    raise Http404
