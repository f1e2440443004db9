"""What we promise to volunteers, and who keeps it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.promises import SITE_DAYS, Promise
from volunteers.requests import TranslationRequest
from volunteers.waiting import handed_in


def promises():
    return [
        Promise(
            name="translations read",
            title=_("A campaigner reads and publishes translations"),
            rows=handed_in,
            since="handed_in_at",
            page=lambda: reverse("admin:campaigns_campaign_changelist"),
        ),
        Promise(
            name="volunteers told",
            title=_("We tell volunteers that their translation is published"),
            rows=TranslationRequest.objects.to_tell,
            since="read_since",
            within=(SITE_DAYS,),
            page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
        ),
    ]
