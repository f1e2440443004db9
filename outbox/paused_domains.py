from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.personal_data import PersonalData
from pages.form_fields import normal_address


class PausedDomain(models.Model):
    """A mail domain that gets nothing for the time being; its mails wait."""

    domain = models.CharField(_("domain"), max_length=253, unique=True)
    paused_at = models.DateTimeField(_("paused"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    personal_data = PersonalData(texts=("reason",), about_nobody=("domain",))

    class Meta:
        verbose_name = _("paused domain")
        verbose_name_plural = _("paused domains")

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        """Write the domain as it stands in the addresses of mails."""
        domain = self.domain.strip().rpartition("@")[2]
        try:
            self.domain = normal_address(f"postmaster@{domain}").rpartition("@")[2]
        except ValueError:
            raise ValidationError(
                {"domain": _("Enter a domain, like council.example.")}
            ) from None
