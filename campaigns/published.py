"""The published campaign that an address names: what most public pages begin with."""

from django.shortcuts import get_object_or_404

from campaigns.models.address import slug_here
from campaigns.models.campaign import Campaign
from campaigns.models.text import localize


def published_campaign(slug: str) -> Campaign:
    """The campaign that visitors may see at this address, in the page's language.

    Raises Http404.
    """
    found = get_object_or_404(Campaign.objects.published(), slug=slug_here(slug))
    localize([found])
    return found
