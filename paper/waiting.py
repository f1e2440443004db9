"""What waits for somebody on sheets of names."""

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.one_campaign import page_in
from paper.batches import PaperBatch
from staff.waiting import Waiting, only_of


def waiting(user, campaign=None):
    if not user.has_perm(permission := "paper.change_paperbatch"):
        return []
    batches = PaperBatch.objects.to_count(user)
    number = only_of(user, permission, campaign, batches).count()
    words = ngettext(
        "batch of names on paper to compare and count",
        "batches of names on paper to compare and count",
        number,
    )
    page = reverse("admin:paper_paperbatch_changelist") + "?state=to-count"
    return [Waiting(number, words, page_in(campaign, page))]
