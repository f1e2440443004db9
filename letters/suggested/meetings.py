from datetime import UTC, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.calendar import CalendarDate
from campaigns.local_time import named
from campaigns.models import validate_timezone, zone_named
from database.moments import day_of
from letters.suggested.models import SuggestedLetter
from pages.addresses import absolute

# A letter has to be confirmed and sent, and its reader's clock may be ahead of ours.
MARGIN = timedelta(minutes=15)


class Meeting(models.Model):
    """A meeting at which the officials speak about what a letter asks.

    Times are stored as moments and shown in the meeting's own time zone.
    """

    letter = models.ForeignKey(
        SuggestedLetter, on_delete=models.CASCADE, related_name="meetings"
    )
    name = models.CharField(
        _("meeting"),
        max_length=160,
        help_text=_("For example “City Council, regular”."),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[validate_timezone],
        help_text=_("Where they meet. The times beside it are local."),
    )
    starts_at = models.DateTimeField(_("begins"))
    letters_until = models.DateTimeField(
        _("letters until"),
        null=True,
        blank=True,
        help_text=_(
            "The deadline for written comments. If empty, the beginning of the meeting."
        ),
    )
    agenda_item = models.CharField(
        _("agenda item"),
        max_length=200,
        blank=True,
        help_text=_("For example “Item 8.b”."),
    )
    agenda_url = models.URLField(_("address of the agenda"), blank=True)
    afterwards = models.TextField(
        _("what to do after the deadline"),
        max_length=600,
        blank=True,
        help_text=_(
            "For example how to speak at the meeting. An empty line starts a new "
            "paragraph."
        ),
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(letters_until=None) | Q(letters_until__lte=F("starts_at")),
                name="cut_off_is_not_after_the_meeting",
                violation_error_message=_(
                    "The deadline for letters cannot be after the meeting begins."
                ),
            )
        ]

    def __str__(self):
        return f"{self.name}, {day_of(self.starts_at, self.zone)}"

    @property
    def zone(self):
        return zone_named(self.timezone)

    @property
    def cut_off(self):
        """The last moment for a letter, on the clocks of the place."""
        return (self.letters_until or self.starts_at).astimezone(self.zone)

    @property
    def is_in_time(self):
        """Whether a letter that is sent now reaches them before the cut-off."""
        return self.is_in_time_at(timezone.now())

    def is_in_time_at(self, moment):
        """The same for a letter that leaves at that moment."""
        return moment < self.cut_off - MARGIN

    @property
    def whose_clocks(self):
        """By which clocks the times are given, like "Los Angeles time"."""
        return named(self.zone)


def in_calendar(campaign):
    """The meetings about its letter, also those that are over."""
    for meeting in Meeting.objects.filter(letter__campaign=campaign):
        yield CalendarDate(
            f"meeting-{meeting.pk}",
            meeting.name,
            meeting.starts_at.astimezone(UTC),
            place=meeting.place,
            url=meeting.agenda_url or absolute(campaign.get_absolute_url()),
            text=meeting.agenda_item,
        )
