"""What waits for a campaigner: wrong words that readers have found."""

from django.urls import reverse
from django.utils.translation import ngettext

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
    page = reverse("admin:translations_wordreport_changelist")
    yield Waiting(number, words, f"{page}?settled_at__isempty=1&is_suspect__exact=0")
