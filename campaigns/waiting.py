"""What waits for a campaigner, on the desk's first page."""

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.models.campaign import Campaign
from staff.waiting import Waiting


def waiting(user):
    if not user.has_perm("campaigns.change_campaign"):
        return []
    found = Campaign.objects.after_their_event()
    words = ngettext(
        "campaign is open after its event: say what happened there, or close it",
        "campaigns are open after their events: say what happened there, or close them",
        len(found),
    )
    page = reverse("admin:campaigns_campaign_changelist")
    also = ""
    if len(found) == 1:
        [campaign] = found
        page = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
        also = str(campaign)
    return [Waiting(len(found), words, page, also)]
