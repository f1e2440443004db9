from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaigns.models import validate_timezone, zone_named
from letters.recipients.office_hours import OfficeHours
from letters.suggested.placeholders import validate_plain
from safeguards.protected_names import protect, unprotect
from versions.texts import register


class RecipientList(models.Model):
    """Officials who are written to together; several campaigns may share one list."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    addressed_as = models.CharField(
        _("addressed as"),
        max_length=200,
        validators=[validate_plain],
        help_text=_(
            "How the letter names all of them, like “Mayor A and the Council”."
        ),
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        db_default="",
        validators=[validate_timezone],
        help_text=_(
            "Where they work. It says when it is morning or a workday for them. Public "
            "holidays of its country are no workdays. If empty, the site’s time zone "
            "applies."
        ),
    )
    place = models.CharField(
        _("their city"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_(
            "For example “Porto”. Their page marks letters from this city and "
            "shows them first. If empty, it marks none."
        ),
    )

    class Meta:
        verbose_name = _("recipient list")
        verbose_name_plural = _("recipient lists")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Save, and write its officials' protected names, which contain its place.

        An example is “Mayor of Porto”.
        """
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            protect(self.recipients.select_related("list"))

    def delete(self, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            unprotect(self.recipients.all())
            return super().delete(*args, **kwargs)

    @property
    def zone(self):
        """Its time zone; that of the site where nobody has said one."""
        return zone_named(self.timezone or settings.TIME_ZONE)

    @property
    def office_hours(self):
        return OfficeHours(self.zone)


register(
    RecipientList,
    along=["recipients"],
    instead=_(
        "Choose another list in the letters instead. For people who have "
        "left office, enter the day."
    ),
)
