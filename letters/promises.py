"""What we promise to writers of letters and to officials, and who keeps it."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from letters.officials.answers import OfficialAnswer
from letters.sending.deliveries import Delivery
from letters.writing.models import Letter
from staff.promises import SITE_DAYS, Promise
from supporters.promises import held


def promises():
    return [
        held(Letter, _("A moderator decides on letters that are held")),
        _letters_leave(),
        _texts_go_back(),
        _failed_texts_go_back(),
        *_answers(),
    ]


def _letters_leave():
    return Promise(
        name="letters leave",
        title=_("Confirmed letters leave when it is their turn"),
        rows=Delivery.objects.due,
        since="due_at",
        within=(SITE_DAYS,),
        page=_deliveries,
    )


def _texts_go_back():
    return Promise(
        name="unwanted letters",
        title=_("Writers get back a text that an office does not want"),
        rows=lambda: Delivery.objects.unwanted().annotate(
            waits_since=Greatest("due_at", "recipient__complained_at")
        ),
        since="waits_since",
        within=("LETTER_GIVE_UP_DAYS", SITE_DAYS),
        page=_deliveries,
    )


def _failed_texts_go_back():
    mine = Delivery.objects.filter(letter=OuterRef("letter"))
    return Promise(
        name="failed letters",
        title=_("Writers get back a text that we could not deliver"),
        rows=lambda: (
            Delivery.objects.failed_lately()
            .failed()
            .filter(
                ~Exists(mine.open()),
                letter__reported_back_at=None,
                letter__text_removed_at=None,
            )
        ),
        since="settled_at",
        within=(SITE_DAYS,),
        page=_deliveries,
    )


def _answers():
    changelist = "admin:letters_officialanswer_changelist"
    yield Promise(
        name="answers read",
        title=_("A campaigner reads what an official writes to all writers"),
        rows=OfficialAnswer.objects.waiting,
        since="written_at",
        page=lambda: reverse(changelist) + "?state=waiting",
    )
    yield Promise(
        name="answers mailed",
        title=_("We email a published answer to all writers"),
        rows=lambda: OfficialAnswer.objects.published().filter(queued_at=None),
        since="published_at",
        within=(SITE_DAYS,),
        page=lambda: reverse(changelist),
    )


def _deliveries():
    return reverse("admin:letters_delivery_changelist")
