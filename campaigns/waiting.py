"""What waits for a campaigner, on the desk's first page."""

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.models.campaign import Campaign
from staff.waiting import Waiting, only_of

CHANGES = "campaigns.change_campaign"


def waiting(user, campaign=None):
    """Campaigns that are open after their event; the home of one says so itself."""
    if campaign or not user.has_perm(CHANGES):
        return []
    mine = only_of(user, CHANGES, None, Campaign.objects.all())
    found = list(mine.after_their_event())
    words = ngettext(
        "campaign is still open, but its event is over: write an update, or close it",
        "campaigns are still open, but their events are over: write updates, or close "
        "them",
        len(found),
    )
    page = reverse("admin:campaigns_campaign_changelist")
    also = ""
    if len(found) == 1:
        page = reverse("campaign_editor:home", args=[found[0].pk])
        also = str(found[0])
    return [Waiting(len(found), words, page, also)]
