"""What we promise of our mails, and of our pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.models import OutgoingMail, PausedDomain
from staff.promises import SITE, SITE_DAYS, Promise


def promises():
    return [
        Promise(
            name="mails",
            title=_("Each email leaves when it is due"),
            keeper=SITE,
            rows=lambda: OutgoingMail.objects.open().exclude(
                domain__in=PausedDomain.objects.values("domain")
            ),
            since="due_at",
            within=(SITE_DAYS,),
            page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
            permission="outbox.view_outgoingmail",
        ),
        Promise(
            name="pages",
            title=_("Pages show a change within a minute"),
            keeper=SITE,
            how=_("No copy of a page that the site keeps for readers is older."),
        ),
    ]
