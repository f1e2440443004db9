"""What the desk's first page says of mails for which a person should do something."""

from functools import partial

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outbox.models import OutgoingMail
from outbox.purposes import all_purposes
from staff.reach import sees_everywhere
from staff.waiting import Waiting

# Single mails are given up every day, for example because a mailbox is full.
MANY_GIVEN_UP = 10


def waiting_mails(user):
    """Whether mails are late, or many were given up."""
    if not user.has_perm("outbox.change_outgoingmail"):
        return []
    return [_late(user), _given_up(user)]


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


def _page(state):
    return reverse("admin:outbox_outgoingmail_changelist") + f"?state={state}"
