"""Totals elsewhere: how many have signed the same ask on another website.

They stand apart from our count and are never added to it: we cannot check them, and
the same people may have signed here.
"""

from dataclasses import dataclass
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaigns.models.milestone import refuse_to_come, today
from database.personal_data import PersonalData

# More than any petition had, and less than a column holds.
MOST_ELSEWHERE = 1_000_000_000


class ElsewhereTotal(models.Model):
    """How many had signed on another website, on the day when somebody looked."""

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.CASCADE, related_name="elsewhere"
    )
    place = models.CharField(
        _("website"), max_length=80, help_text=_("For example “Change.org”.")
    )
    number = models.PositiveIntegerField(
        _("signatures there"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ELSEWHERE)],
    )
    seen_on = models.DateField(_("seen on"), default=today)
    url = models.URLField(_("address"), blank=True)

    personal_data = PersonalData(about_nobody=("place", "url"))

    class Meta:
        verbose_name = _("signatures on another website")
        verbose_name_plural = _("signatures on other websites")
        ordering = ["-number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_ELSEWHERE),
                name="a_total_elsewhere_is_a_number_of_people",
            )
        ]

    def __str__(self):
        return self.place

    def clean(self):
        refuse_to_come("seen_on", self.seen_on, today())


@dataclass(frozen=True)
class Elsewhere:
    """A total elsewhere as readers see it, from a row of petitions' own statement."""

    place: str
    number: int
    seen_on: date
    url: str

    @classmethod
    def of(cls, rows):
        """Make them of what the statement has gathered as JSON."""
        return tuple(
            cls(place, number, date.fromisoformat(day), url)
            for place, number, day, url in rows
        )

    @property
    def linked(self):
        """The name of the website, as a link if its address is known."""
        if not self.url:
            return format_html("<bdi>{}</bdi>", self.place)
        return format_html(
            '<a href="{}" rel="nofollow noopener"><bdi>{}</bdi></a>',
            *(self.url, self.place),
        )
