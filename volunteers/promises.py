"""What we promise to volunteers, and who keeps it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.promises import Promise
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
    ]
