"""What waits for campaigners and moderators about letters, on the desk's first page."""

from functools import partial

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.one_campaign import page_in
from letters.officials.answers import OfficialAnswer
from letters.recipients.models import Recipient
from letters.recipients.stances import Stance
from letters.sending.deliveries import Delivery
from letters.writing.models import Letter
from staff.waiting import Waiting, only_of
from supporters.acts import undecided
from supporters.acts.held_inbox import HeldTab


def waiting(user, campaign=None):
    offers = {
        "letters.change_letter": [_held],
        "letters.change_delivery": [_failed],
        "letters.change_suggestedletter": [_told],
        "letters.change_officialanswer": [_answers],
        "letters.change_recipient": [_complained, _bounced],
    }
    return [
        offer(campaign, partial(only_of, user, permission, campaign))
        for permission, some in offers.items()
        if user.has_perm(permission)
        for offer in some
    ]


def _held(campaign, only_mine):
    letters = only_mine(Letter.objects.all())
    number = letters.held().count()
    words = ngettext(
        "letter held: release or reject it",
        "letters held: release or reject them",
        number,
    )
    page = page_in(campaign, HeldTab().address)
    return Waiting(number, words, page, undecided.warning(letters))


def _failed(campaign, only_mine):
    failed = only_mine(Delivery.objects.failed_lately())
    number = failed.count()
    words = ngettext(
        "letter of the last 7 days may not have arrived",
        "letters of the last 7 days may not have arrived",
        number,
    )
    page = reverse("admin:letters_delivery_changelist") + "?state=failed"
    return Waiting(number, words, page_in(campaign, page))


def _told(campaign, only_mine):
    """Officials whose answer a writer told us of, and nobody has entered."""
    entered = Stance.objects.said().filter(
        letter=OuterRef("letter__suggested_letter"),
        recipient=OuterRef("recipient"),
        day__gte=OuterRef("day"),
    )
    told = (
        only_mine(Delivery.objects.all())
        .filter(was_answered=True, answered_at__isnull=False, letter__is_thanks=False)
        .annotate(day=TruncDate("answered_at"))
        .filter(~Exists(entered))
    )
    rows = told.order_by().values_list("letter__suggested_letter")
    rows = list(rows.annotate(number=Count("recipient", distinct=True)))
    number = sum(officials for _letter, officials in rows)
    words = ngettext(
        "official has answered, writers say: enter where they stand",
        "officials have answered, writers say: enter where they stand",
        number,
    )
    page = reverse("admin:letters_suggestedletter_changelist")
    if len(rows) == 1:
        page = reverse("admin:letters_stances", args=[rows[0][0]])
    return Waiting(number, words, page)


def _answers(campaign, only_mine):
    answers = only_mine(OfficialAnswer.objects.waiting())
    number = answers.count()
    words = ngettext(
        "official has answered all writers: publish it or turn it down",
        "officials have answered all writers: publish their answers or turn them down",
        number,
    )
    page = reverse("admin:letters_officialanswer_changelist") + "?state=waiting"
    return Waiting(number, words, page_in(campaign, page))


def _complained(campaign, only_mine):
    number = only_mine(_in_office()).filter(complained_at__isnull=False).count()
    words = ngettext(
        "official has marked a letter as spam: ask the office, and decide",
        "officials have marked letters as spam: ask the offices, and decide",
        number,
    )
    page = reverse("admin:letters_recipient_changelist") + "?state=complained"
    return Waiting(number, words, page_in(campaign, page))


def _bounced(campaign, only_mine):
    number = only_mine(_in_office()).filter(bounced_at__isnull=False).count()
    words = ngettext(
        "official’s address no longer works: find the new one",
        "officials’ addresses no longer work: find the new ones",
        number,
    )
    page = reverse("admin:letters_recipient_changelist") + "?state=bounced"
    return Waiting(number, words, page_in(campaign, page))


def _in_office():
    return Recipient.objects.filter(left_office_on=None)
