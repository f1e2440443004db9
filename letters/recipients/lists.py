from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import validate_timezone, zone_named
from letters.recipients.office_hours import MailDays, OfficeHours
from letters.suggested.placeholders import validate_plain
from safeguards.protected_names import protect, unprotect
from versions.texts import register


class RecipientList(models.Model):
    """Officials who are written to together; several campaigns may share one list."""

    class Cosigned(models.TextChoices):
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")
        NEVER = "never", _("never: each goes by itself")

    name = models.CharField(_("name"), max_length=120, unique=True)
    addressed_as = models.CharField(
        _("addressed as"),
        max_length=200,
        validators=[validate_plain],
        help_text=_(
            "How the letter names all of them, like “Mayor A and the Council”."
        ),
    )
    letters_an_hour = models.PositiveSmallIntegerField(
        _("letters an hour"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "The most that each of them gets from us. Other letters wait for their "
            "turn. If empty, the site’s setting applies."
        ),
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        db_default="",
        validators=[validate_timezone],
        help_text=_(
            "Where they work. It says when it is morning or "
            "a workday for them. If empty, the site’s time zone applies."
        ),
    )
    office_opens = models.TimeField(
        _("send letters only from"),
        null=True,
        blank=True,
        help_text=_("Local time, like 08:00. If empty, at any hour."),
    )
    office_closes = models.TimeField(_("until"), null=True, blank=True)
    workdays_only = models.BooleanField(
        _("Monday to Friday"),
        default=True,
        db_default=True,
        help_text=_(
            "Public holidays in the time zone’s country do not count as workdays. What"
            " leaves "
            "once a day or once a week goes on the next workday."
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
    cosigned = models.CharField(
        _("unchanged letters together"),
        max_length=10,
        choices=Cosigned.choices,
        default=Cosigned.DAILY,
        db_default=Cosigned.DAILY,
        help_text=_(
            "Unchanged letters leave in one email with all names. It leaves each day, "
            "or each Monday, when letters may leave. If you set no hours, that is "
            "08:00 in their time zone. With “Monday to Friday”, it waits for the next "
            "workday. A letter with the writer’s own words always goes by itself."
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

    def clean(self):
        """Refuse office hours that lack their end or a time zone."""
        hours = (self.office_opens, self.office_closes)
        if hours == (None, None):
            return
        if None in hours:
            missing = "office_opens" if self.office_opens is None else "office_closes"
            raise ValidationError(
                {missing: _("Enter both hours, or leave both empty.")}
            )
        if self.office_opens >= self.office_closes:
            raise ValidationError({"office_closes": _("Enter a later hour.")})
        if not self.timezone:
            raise ValidationError({"timezone": _("Choose the time zone.")})

    @property
    def most_an_hour(self):
        """How many letters each official gets in an hour; 0 for no limit."""
        if self.letters_an_hour is None:
            return settings.LETTERS_AN_HOUR
        return self.letters_an_hour

    @property
    def has_office_hours(self):
        return self.office_opens is not None

    @property
    def sends_together(self):
        """Whether unchanged letters leave together."""
        return self.cosigned != self.Cosigned.NEVER

    def mail_days(self, *, is_weekly):
        return MailDays(self.office_hours, is_weekly=is_weekly)

    def next_cosigned_at(self):
        """The earliest moment when an unchanged letter of now leaves with others."""
        is_weekly = self.cosigned == self.Cosigned.WEEKLY
        return self.mail_days(is_weekly=is_weekly).next_after(timezone.now())

    @property
    def zone(self):
        """Its time zone; that of the site where nobody has said one."""
        return zone_named(self.timezone or settings.TIME_ZONE)

    @property
    def office_hours(self):
        return OfficeHours(
            self.zone,
            self.office_opens,
            self.office_closes,
            workdays_only=self.workdays_only,
        )


register(
    RecipientList,
    along=["recipients"],
    instead=_(
        "Choose another list in the letters instead. For people who have "
        "left office, enter the day."
    ),
)
