"""What of the mails waits for a person, on the desk's first page."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outbox.models import OutgoingMail
from staff.waiting import Waiting

# Single mails are given up every day: of mailboxes that are full, say.
MANY_GIVEN_UP = 10


def waiting_mails(user):
    """That mails are late, and that many were given up."""
    if not user.has_perm("outbox.change_outgoingmail"):
        return []
    return [_late(), _given_up()]


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


def _page(state):
    return reverse("admin:outbox_outgoingmail_changelist") + f"?state={state}"
