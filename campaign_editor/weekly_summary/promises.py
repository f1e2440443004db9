"""What we promise of Monday's summary."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign_editor.weekly_summary.models import WeeklySummary
from staff.promises import SITE, Promise

A_WEEK = timedelta(days=7)


def promises():
    return [
        Promise(
            name="weekly summary",
            title=_("Monday’s summary leaves for everybody who wants it"),
            says=("We email you a summary each Monday.",),
            keeper=SITE,
            rows=lambda: (
                WeeklySummary.objects.wanted()
                .with_last()
                .filter(last__lt=timezone.now() - A_WEEK)
            ),
            since="last",
            within=(8,),
            page=lambda: reverse("campaign_editor:weekly-summary"),
        )
    ]
