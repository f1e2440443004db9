"""How often somebody wants mail, and when the next mail of that kind is due."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MONDAY = 0


class Frequency(models.TextChoices):
    IMMEDIATE = "immediate", _("Right away")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")

    def next_due(self, now=None):
        """Now, the next morning, or the next Monday morning, by the site's clock.

        A day's mails are gathered until the hour FOLLOW_MAIL_HOUR.
        """
        now = now or timezone.now()
        if self is Frequency.IMMEDIATE:
            return now
        local = timezone.localtime(now)
        morning = _at_mail_hour(local.date())
        if morning <= now:
            morning = _at_mail_hour(local.date() + timedelta(days=1))
        if self is Frequency.WEEKLY:
            days = (MONDAY - timezone.localtime(morning).weekday()) % 7
            morning = _at_mail_hour(
                timezone.localtime(morning).date() + timedelta(days=days)
            )
        return morning


def _at_mail_hour(day):
    naive = datetime(day.year, day.month, day.day, settings.FOLLOW_MAIL_HOUR)  # noqa: DTZ001
    return timezone.make_aware(naive)
