"""What is to appear by itself is asked again whose decision it was.

Whoever saved a campaign or an update last has seen its time, and answers for it. If
they may not do so any more, it is a draft again, and staff are told. What was saved
outside the desk is the operator's, and stays.
"""

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Update
from staff.models import Alert
from staff.reach import still_may
from versions.models import Version

# Of each kind: its rows, the right to publish them, and the path to their campaign.
SCHEDULES = (
    (
        lambda: Campaign.objects.not_deleted().filter(
            Q(published_at__gt=Now()) | Q(opens_at__gt=Now()),
            published_at__isnull=False,
        ),
        "campaigns.change_campaign",
        "pk",
    ),
    (Update.objects.scheduled, "campaigns.change_update", "campaign_id"),
)


def take_back():
    """Make drafts of what nobody answers for any more. Safe to repeat."""
    for rows, permission, campaign in SCHEDULES:
        for row in rows():
            saved = Version.objects.of(row).exclude(username="").first()
            if saved and not still_may(saved.by, permission, getattr(row, campaign)):
                row.unschedule()
                _tell(row)


def _tell(row):
    page = reverse(f"admin:campaigns_{row._meta.model_name}_change", args=[row.pk])
    said = _(
        "“%s” is a draft again: the person who scheduled it may no longer publish it. "
        "Publish it yourself, or choose a time."
    )
    Alert.objects.sound(
        "schedule",
        f"{row._meta.label_lower} {row.pk}",
        _("It will not be published by itself"),
        lambda: said % row,
        page,
        until_closed=True,
    )
