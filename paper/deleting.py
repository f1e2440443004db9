"""What keeps a campaign and its petition from being deleted: sheets of names."""

from django.utils.translation import ngettext

from campaigns.models import Campaign
from paper.batches import PaperBatch
from petitions.petition import Petition
from versions.deletion import Dependents


def dependents(row):
    """The batches that forbid to delete a campaign or petition."""
    found = Dependents()
    path = {Campaign: "petition__campaign", Petition: "petition"}.get(type(row))
    if path and (number := PaperBatch.objects.filter(**{path: row}).count()):
        words = ngettext(
            "%d batch of names on paper was entered.",
            "%d batches of names on paper were entered.",
            number,
        )
        found.stays.append(words % number)
    return found
