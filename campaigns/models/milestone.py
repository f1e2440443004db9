from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.models.told_beside import LocalizedBeside


def today():
    return timezone.localdate()


def refuse_to_come(field, day, today):
    """Raise ValidationError for a day of this field that is still to come."""
    if day and day > today:
        raise ValidationError({field: _("Enter a day that is not in the future.")})


class MilestoneManager(models.Manager):
    def create_extended(self, campaign, kind):
        """Say until when people can act now, in each of the campaign's languages."""

        def words():
            if not campaign.closes_on:
                return gettext("You can sign and write. No closing day is set.")
            last = date_format(campaign.closes_on, "DATE_FORMAT")
            return gettext("You can sign and write until %s.") % last

        return self._create(campaign, kind, words)

    def create_reached(self, campaign, goal):
        """Say, in each of the campaign's languages, that this goal was reached."""
        return self._create(
            campaign,
            Milestone.Kind.REACHED,
            lambda: gettext("%s people have signed.") % intcomma(goal),
        )

    def _create(self, campaign, kind, words):
        with transaction.atomic(savepoint=False):
            with translation.override(campaign.language):
                made = self.create(
                    campaign=campaign, kind=kind, day=campaign.today, words=words()
                )
            for text in campaign.texts.select_for_update(no_key=True):
                with translation.override(text.language):
                    text.say_at_once(made.told_as("words"), words())
        return made


class Milestone(LocalizedBeside, models.Model):
    """A day on which something happened to a campaign: handed over, answered, won."""

    TOLD = ("who", "words")

    class Kind(models.TextChoices):
        EXTENDED = "extended", _("Closing day moved")
        REOPENED = "reopened", pgettext_lazy("milestone", "Open again")
        REACHED = "reached", _("Goal reached")
        DELIVERED = "delivered", pgettext_lazy("milestone", "Handed over")
        ANSWERED = "answered", pgettext_lazy("campaign", "Answered")
        WON = "won", _("Won")
        NOT_WON = "not won", _("Not won")
        OTHER = "other", _("Something else")

    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.CASCADE, related_name="milestones"
    )
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    day = models.DateField(_("day"), default=today)
    who = models.CharField(
        _("to whom or by whom"),
        max_length=160,
        blank=True,
        help_text=_("For example “the Mayor of Bakersfield”."),
    )
    words = models.TextField(
        _("in words"),
        max_length=1000,
        blank=True,
        help_text=_("What was said or decided. An empty line starts a new paragraph."),
    )
    reference = models.CharField(
        _("reference number"),
        max_length=80,
        blank=True,
        help_text=_("The office’s own number, if you want to ask about it."),
    )
    due_on = models.DateField(
        _("answer due"),
        null=True,
        blank=True,
        help_text=_("If you handed something over: the day by which they must answer."),
    )
    url = models.URLField(
        _("source"),
        blank=True,
        help_text=_("The address where it can be read in full."),
    )

    objects = MilestoneManager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=models.F("day")),
                name="answer_is_due_after_it_was_asked",
                violation_error_message=_(
                    "The answer cannot be due before the handover."
                ),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {date_format(self.day)}"

    def clean(self):
        refuse_to_come("day", self.day, self.campaign.today)
        if self.due_on and self.kind != self.Kind.DELIVERED:
            raise ValidationError(
                {
                    "due_on": _(
                        "Choose “Handed over”, or empty the day on which an "
                        "answer is due."
                    )
                }
            )

    @property
    def anchor(self):
        """Its place on the action page."""
        return f"milestone-{self.pk}"

    @property
    def title(self):
        """What happened, as a heading."""
        if self.kind == self.Kind.DELIVERED and self.who:
            return _("Handed over to %s") % self.who
        if self.kind == self.Kind.ANSWERED and self.who:
            return _("Answered by %s") % self.who
        return self.get_kind_display()


# What is said of the time in which people can act.
OF_ITS_TIME = (Milestone.Kind.EXTENDED, Milestone.Kind.REOPENED)
# What the site writes by itself.
WRITTEN_BY_US = (*OF_ITS_TIME, Milestone.Kind.REACHED)
# In which order a life goes on within a day. What is not named goes on beside signing.
BEGAN, ENDED = "began", "ended"
STEPS = {
    BEGAN: -1,
    ENDED: 1,
    Milestone.Kind.DELIVERED: 2,
    Milestone.Kind.ANSWERED: 3,
    Milestone.Kind.NOT_WON: 4,
    Milestone.Kind.WON: 5,
}


def order(day, kind, number=0):
    """What puts all that happened in order; `kind` is BEGAN, ENDED or a milestone's."""
    return day, STEPS.get(kind, 0), number


class Life(list):
    """The milestones of one campaign, the newest first, and what follows from them."""

    def __init__(self, milestones):
        super().__init__(milestones)
        self.sort(key=lambda m: order(m.day, m.kind, m.pk), reverse=True)

    def told(self, *, has_ended):
        """What readers are told: until when they can act is said once, and only while
        they can.
        """
        said = [m for m in self if m.kind in OF_ITS_TIME]
        outdated = said if has_ended else said[1:]
        return [m for m in self if m not in outdated]

    @property
    def result(self):
        """Won, not won or answered, whichever came last; or None."""
        return next(iter(self.results), None)

    @property
    def results(self):
        """Each of those, the newest first."""
        ends = (Milestone.Kind.WON, Milestone.Kind.NOT_WON, Milestone.Kind.ANSWERED)
        return [m for m in self if m.kind in ends]

    @property
    def waits_for(self):
        """The newest handover, if an answer is due and has not come; or None."""
        for milestone in self:
            if milestone.kind == Milestone.Kind.DELIVERED:
                return milestone if milestone.due_on else None
            if milestone.kind not in WRITTEN_BY_US:
                return None
        return None
