"""What the desk's first page says of mails for which a person should do something."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outbox.models import OutgoingMail, PausedDomain
from staff.waiting import Waiting

# Single mails are given up every day, for example because a mailbox is full.
MANY_GIVEN_UP = 10


def waiting_mails(user):
    """Whether mails are late, many were given up, or domains are paused."""
    offers = {
        "outbox.change_outgoingmail": [_late, _given_up],
        "outbox.delete_pauseddomain": [_paused],
    }
    return [
        offer()
        for permission, some in offers.items()
        if user.has_perm(permission)
        for offer in some
    ]


def _late():
    late = OutgoingMail.objects.late().aggregate(n=Count("pk"), since=Min("due_at"))
    number = late["n"]
    words = ngettext(
        "mail is late, and somebody waits for it",
        "mails are late, and somebody waits for them",
        number,
    )
    also = ""
    if number:
        minutes = (timezone.now() - late["since"]).total_seconds() // 60
        also = _("The oldest waits for %d minutes. Does our mail service answer?")
        also %= minutes
    return Waiting(number, words, _page("late"), also)


def _given_up():
    number = OutgoingMail.objects.given_up_lately().count()
    words = _("mails were given up in the last 24 hours: look at what servers said")
    many = number if number >= MANY_GIVEN_UP else 0
    return Waiting(many, words, _page("given-up-lately"))


def _paused():
    number = PausedDomain.objects.count()
    words = ngettext(
        "mail domain is paused: its mails wait",
        "mail domains are paused: their mails wait",
        number,
    )
    return Waiting(number, words, reverse("admin:outbox_pauseddomain_changelist"))


def _page(state):
    return reverse("admin:outbox_outgoingmail_changelist") + f"?state={state}"
