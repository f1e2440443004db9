from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.personal_data import PersonalData
from pages.form_fields import normal_address


class PausedDomainQuerySet(models.QuerySet["PausedDomain"]):
    def holding(self, lane: str) -> Self:
        """Those whose mails wait in this lane."""
        return self.all() if lane == "bulk" else self.filter(only_bulk=False)


class PausedDomain(models.Model):
    """A mail domain whose mails wait for the time being: all, or those in bulk.

    A row that the site has made by itself holds what is in bulk, and ends at `until`
    (staff/mail_desk/refusing_domains.py).
    """

    domain = models.CharField(
        _("domain"),
        max_length=253,
        unique=True,
        help_text=_("What follows the @, such as example.com."),
    )
    paused_at = models.DateTimeField(_("paused"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    only_bulk = models.BooleanField(
        _("only updates and digests"),
        default=False,
        db_default=False,
        help_text=_("Emails that somebody is waiting for then still leave."),
    )
    until = models.DateTimeField(_("ends by itself"), null=True, editable=False)

    objects = PausedDomainQuerySet.as_manager()

    personal_data = PersonalData(texts=("reason",), about_nobody=("domain",))

    class Meta:
        verbose_name = _("paused domain")
        verbose_name_plural = _("paused domains")

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        """Write the domain as it stands in the addresses of mails."""
        domain = self.domain.strip().rpartition("@")[2]
        if not domain:
            return
        try:
            self.domain = normal_address(f"postmaster@{domain}").rpartition("@")[2]
        except ValueError:
            raise ValidationError(
                {"domain": _("Enter a domain, like council.example.")}
            ) from None
