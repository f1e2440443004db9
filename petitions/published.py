"""The petition that an address names: what its public pages begin with."""

from django.http import Http404

from campaigns.published import published_campaign
from petitions.petition import Petition


def published_petition(slug):
    """The petition of a campaign that visitors may see, with its standing."""
    petition = Petition.objects.of_campaign(published_campaign(slug))
    if petition is None:
        raise Http404
    return petition
