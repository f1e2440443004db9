"""What waits for a campaigner: translations that volunteers have handed in."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import ngettext

from staff.waiting import Waiting, only_of
from translations.drafts import TranslatedText
from translations.requests import TranslationRequest
from translations.word_reports.models import WordReport

PUBLISHES = "campaigns.change_campaigntext"
CORRECTS = "translations.change_wordreport"


def handed_in():
    """Requests whose volunteers are done, while readers do not have all of it."""
    unread = TranslatedText.objects.waiting().filter(
        campaign=OuterRef("campaign"), language=OuterRef("language")
    )
    return TranslationRequest.objects.filter(
        Exists(unread), handed_in_at__isnull=False, campaign__deleted_at=None
    )


def waiting(user, campaign=None):
    """Translations that are handed in, and wrong words that readers have found."""
    return [*_handed_in(user, campaign), *_wrong_words(user, campaign)]


def _handed_in(user, campaign):
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
        page = reverse("translations_desk:translations", args=[found[0][0]])
    yield Waiting(len(found), words, page)


def _wrong_words(user, campaign):
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
