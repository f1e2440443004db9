"""How the mails that ask signers to confirm fared, hour by hour, in numbers only.

The page of confirmations reads a week. Under 1,000,000 signatures it counted them for
726 ms of processor time (bench/desk.py), for the staff who look and in each hourly
watch. Now the watch writes down the hours that are over, and both count the rest.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailHour(models.Model):
    """The mails that were asked for in an hour at one provider; "" means all others."""

    hour = models.DateTimeField(_("hour"))
    provider = models.CharField(_("provider"), max_length=254, blank=True)
    asked = models.PositiveIntegerField(_("asked"))
    sent = models.PositiveIntegerField(_("handed over"))
    confirmed = models.PositiveIntegerField(_("confirmed"))
    soon = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("hour of confirmation emails")
        verbose_name_plural = _("hours of confirmation emails")
        constraints = [
            models.UniqueConstraint("hour", "provider", name="one_row_for_each_hour")
        ]

    def __str__(self):
        return f"{self.hour}: {self.asked}"
