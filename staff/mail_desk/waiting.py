"""What the desk's first page says of mails for which a person should do something."""

from functools import partial

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outbox.models import OutgoingMail, PausedDomain
from outbox.purposes import Lane, all_purposes
from staff.reach import sees_everywhere
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
        offer(user)
        for permission, some in offers.items()
        if user.has_perm(permission)
        for offer in some
    ]


def seen_by(user):
    """The mails that the desk shows to this user: none about what they may not see."""
    known = all_purposes()
    sees = partial(sees_everywhere, user)
    seen = [name for name, p in known.items() if all(map(sees, p.tells_of))]
    mails = OutgoingMail.objects.all()
    # Of a purpose that is gone, nobody can say of what its mails told.
    return mails if len(seen) == len(known) else mails.filter(purpose__in=seen)


def _late(user):
    late = seen_by(user).late().aggregate(n=Count("pk"), since=Min("due_at"))
    number = late["n"]
    words = ngettext(
        "email is late, and somebody is waiting for it",
        "emails are late, and somebody is waiting for them",
        number,
    )
    also = ""
    if number:
        minutes = (timezone.now() - late["since"]).total_seconds() // 60
        also = _(
            "The oldest has waited for %d minutes. Check whether our mail "
            "service answers."
        )
        also %= minutes
    return Waiting(number, words, _page("late"), also)


def _given_up(user):
    number = seen_by(user).given_up_lately().count()
    words = _("emails failed for good in the last 24 hours: see what the servers said")
    many = number if number >= MANY_GIVEN_UP else 0
    return Waiting(many, words, _page("given-up-lately"))


def _paused(_user):
    number = PausedDomain.objects.holding(Lane.BULK).count()
    words = ngettext(
        "mail domain is paused: its emails wait",
        "mail domains are paused: their emails wait",
        number,
    )
    return Waiting(number, words, reverse("admin:outbox_pauseddomain_changelist"))


def _page(state):
    return reverse("admin:outbox_outgoingmail_changelist") + f"?state={state}"
