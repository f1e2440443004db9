from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import ended
from database.kept import Kept
from database.moments import day_and_hour
from database.personal_data import PersonalData, PersonalQuerySet
from supporters.models import Supporter


class ReportedLetterQuerySet(PersonalQuerySet):
    def report(self, suggested, *, supporter=None, held=False):
        """Count a letter that its writer says they sent with their own mail program.

        A browser that has confirmed an address is counted once, however often it says
        so. `held` keeps a flood from one network out of the count.
        """
        self.bulk_create(
            [
                ReportedLetter(
                    suggested_letter=suggested,
                    supporter=supporter,
                    held_at=Now() if held else None,
                )
            ],
            ignore_conflicts=True,
        )

    def counted(self):
        return self.filter(held_at=None)

    def erase(self):
        """Remove who told us. Their letters still count."""
        return self.update(supporter=None)

    def export(self):
        rows = self.select_related("suggested_letter__campaign").order_by("pk")
        return [
            {
                gettext("campaign"): row.suggested_letter.campaign.full_title,
                gettext("reported"): row.reported_at.isoformat(),
            }
            for row in rows
        ]

    def count_held(self):
        """Count what was held; returns how many."""
        return self.exclude(held_at=None).update(held_at=None)


class ReportedLetter(models.Model):
    """A letter that somebody sent with their own mail program, as they told us."""

    suggested_letter = models.ForeignKey(
        "letters.SuggestedLetter",
        on_delete=models.CASCADE,
        related_name="reported",
        verbose_name=_("suggested letter"),
    )
    supporter = models.ForeignKey(
        Supporter,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reported_letters",
    )
    reported_at = models.DateTimeField(_("reported"), db_default=Now())
    held_at = models.DateTimeField(_("held"), null=True, blank=True)

    objects = ReportedLetterQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        called=_("Letters that you sent yourself"),
        kept=(
            Kept(
                name="letters told of",
                words=_(
                    "people who told us about a letter they sent, after a "
                    "campaign’s end"
                ),
                period="KEEP_SIGNERS_MONTHS",
                since=ended("suggested_letter__campaign"),
                where=Q(supporter__isnull=False),
                do="erase",
            ),
        ),
    )

    class Meta:
        verbose_name = _("letter sent by its writer")
        verbose_name_plural = _("letters sent by their writers")
        constraints = [
            models.UniqueConstraint(
                "suggested_letter", "supporter", name="one_reported_letter_a_supporter"
            )
        ]

    def __str__(self):
        return day_and_hour(self.reported_at)
