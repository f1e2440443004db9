"""What waits for a campaigner: wrong words that readers have found."""

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.one_campaign import page_in
from staff.waiting import Waiting, only_of
from translations.word_reports.models import WordReport

CORRECTS = "translations.change_wordreport"


def waiting(user, campaign=None):
    """Wrong words that somebody should read."""
    if not user.has_perm(CORRECTS):
        return
    waiting = WordReport.objects.waiting()
    number = only_of(user, CORRECTS, campaign, waiting).count()
    words = ngettext(
        "wrong word was reported on a translated page",
        "wrong words were reported on translated pages",
        number,
    )
    page = page_in(campaign, reverse("inbox", args=["words"]))
    yield Waiting(number, words, page)
