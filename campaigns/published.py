"""The published campaign that an address names: what most public pages begin with."""

from django.shortcuts import get_object_or_404

from campaigns.models.address import first_language_of
from campaigns.models.campaign import Campaign
from campaigns.models.text import localize


def published_campaign(slug: str) -> Campaign:
    """The campaign that visitors may see at this address, in the page's language.

    Raises Http404.
    """
    found = get_object_or_404(
        Campaign.objects.published(), slug=slug, language=first_language_of(slug)
    )
    localize([found])
    return found
