"""What waits for a campaigner: translations that volunteers have handed in."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import ngettext

from staff.waiting import Waiting, only_of
from volunteers.drafts import TranslatedText
from volunteers.requests import TranslationRequest

PUBLISHES = "campaigns.change_campaigntext"


def handed_in():
    """Requests whose volunteers are done, while readers do not have all of it."""
    unread = TranslatedText.objects.waiting().filter(
        campaign=OuterRef("campaign"), language=OuterRef("language")
    )
    return TranslationRequest.objects.filter(
        Exists(unread), handed_in_at__isnull=False, campaign__deleted_at=None
    )


def waiting(user, campaign=None):
    if not user.has_perm(PUBLISHES):
        return
    mine = only_of(user, PUBLISHES, campaign, handed_in())
    found = sorted(set(mine.order_by().values_list("campaign", "language")))
    words = ngettext(
        "translation is handed in: read it, and publish it",
        "translations are handed in: read them, and publish them",
        len(found),
    )
    page = reverse("admin:campaigns_campaign_changelist")
    if found:
        page = reverse("volunteers_desk:translations", args=[found[0][0]])
    yield Waiting(len(found), words, page)
