"""What waits for a person, on the desk's first page: follows, and mailings."""

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.models import Update
from campaigns.one_campaign import page_in
from staff.waiting import Waiting, only_of
from supporters.acts import undecided
from supporters.acts.held_inbox import HeldTab
from supporters.follow.audience import not_mailed
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from supporters.notices.models import Report
from supporters.personal_data.erasure_requests import ErasureRequest

UPDATES = Update.objects.filter(campaign__deleted_at=None)


def waiting(user, campaign=None):
    found = []
    if user.has_perm(permission := "supporters.change_follow"):
        follows = only_of(user, permission, campaign, Follow.objects.all())
        number = follows.held().count()
        words = ngettext(
            "follow held: release or reject it",
            "follows held: release or reject them",
            number,
        )
        page = page_in(campaign, HeldTab().address)
        also = undecided.warning(follows)
        found.append(Waiting(number, words, page, also))
    if campaign is None and user.has_perm("supporters.change_erasurerequest"):
        number = ErasureRequest.objects.to_decide(user).count()
        words = ngettext(
            "request to erase somebody: confirm it or turn it down",
            "requests to erase somebody: confirm them or turn them down",
            number,
        )
        page = reverse("admin:supporters_erasurerequest_changelist")
        found.append(Waiting(number, words, page))
    if user.has_perm(permission := "supporters.change_report"):
        notices = only_of(user, permission, campaign, Report.objects.all())
        number = notices.notices().open().count()
        words = ngettext(
            "notice of illegal content: decide on it",
            "notices of illegal content: decide on them",
            number,
        )
        page = reverse("inbox", args=["reports"])
        found.append(Waiting(number, words, page_in(campaign, page)))
    if user.has_perm(permission := "supporters.change_mailing"):
        mailings = only_of(user, permission, campaign, Mailing.objects.all())
        number = mailings.filter(paused_at__isnull=False).count()
        words = ngettext(
            "mailing to followers paused", "mailings to followers paused", number
        )
        page = page_in(campaign, reverse("admin:supporters_mailing_changelist"))
        found.append(Waiting(number, words, page))
        found.append(
            _not_mailed(only_of(user, permission, campaign, UPDATES), campaign)
        )
    return found


def _not_mailed(updates, campaign):
    """To publish an update sends no mail: that is a step of its own."""
    rows = list(not_mailed(updates))
    words = ngettext(
        "update is on the page, but not emailed: send it to followers",
        "updates are on the page, but not emailed: send them to followers",
        len(rows),
    )
    if len(rows) == 1:
        page = reverse("admin:supporters_mailing_mail", args=[rows[0].pk])
        return Waiting(1, words, page, rows[0].title)
    page = page_in(campaign, reverse("admin:campaigns_update_changelist"))
    return Waiting(len(rows), words, page)
