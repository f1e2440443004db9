"""What makes letters wait: a paused domain or campaign, or what their recipient wants.

The functions are conditions on the rows of deliveries and parcels.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from letters.recipients.models import Recipient
from letters.suggested.models import SuggestedLetter
from pages.form_fields import normal_address


class PausedDomain(models.Model):
    """A mail domain that gets nothing for the time being; its letters wait."""

    domain = models.CharField(_("domain"), max_length=253, unique=True)
    paused_at = models.DateTimeField(_("paused"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("paused domain")
        verbose_name_plural = _("paused domains")

    def __str__(self):
        return self.domain

    def clean(self):
        """Write the domain as it stands in the addresses of the recipients."""
        domain = self.domain.strip().rpartition("@")[2]
        try:
            self.domain = normal_address(f"postmaster@{domain}").rpartition("@")[2]
        except ValueError:
            raise ValidationError(
                {"domain": _("Enter a domain, like council.example.")}
            ) from None


def domain_is_paused():
    return Exists(PausedDomain.objects.filter(domain=OuterRef("domain")))


def campaign_is_paused():
    """For deliveries alone: a parcel may hold the letters of several campaigns."""
    paused = SuggestedLetter.objects.filter(paused_at__isnull=False)
    return Exists(paused.filter(letters=OuterRef("letter")))


def recipient_wants_none():
    paused = Recipient.objects.filter(rhythm=Recipient.Rhythm.PAUSED)
    return Exists(paused.filter(pk=OuterRef("recipient")))


def recipient_has_complained():
    complained = Recipient.objects.filter(complained_at__isnull=False)
    return Exists(complained.filter(pk=OuterRef("recipient")))
