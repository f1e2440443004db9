"""What we promise of our mails."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.models import OutgoingMail
from staff.promises import SITE_DAYS, Promise


def promises():
    return [
        Promise(
            name="mails",
            title=_("Each email leaves when it is due"),
            rows=OutgoingMail.objects.open,
            since="due_at",
            within=(SITE_DAYS,),
            page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
        ),
    ]
