"""The published campaign that an address names: what most public pages begin with."""

from django.http import Http404
from django.utils.translation import get_language

from campaigns.models.address import first_language_of
from campaigns.models.campaign import Campaign
from campaigns.models.text import TEXTS
from database.prepared import Given, PreparedQuery, rows_together

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
    language, first = get_language(), first_language_of(slug)
    asked = {"slug": slug, "language": first}
    if language == first:
        found, texts = _PUBLISHED.rows(**asked), []
    else:
        here = {"slug": slug, "language": language}
        found, texts = rows_together((_PUBLISHED, asked), (TEXTS, here))
    for campaign in found:
        for text in texts:
            campaign.tell(text)
        return campaign
    raise Http404
