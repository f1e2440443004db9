"""The names on sheets, one line each, and whether each is somebody counted already."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from database.personal_data import PersonalData
from pages.templatetags.punctuation import comma
from petitions.signing.models import Signature
from safeguards.mailbox import Mailbox

IS_FINAL = _(
    "The number of this petition is final. To count more names, open the campaign "
    "again."
)


class CannotCount(Exception):
    """This batch cannot be counted now; the message says what to do."""


class NotBeingEntered(PermissionDenied):
    """The lines of this batch are finished: nobody adds to them or changes them."""


class Match(models.TextChoices):
    """Whether a line is somebody who is counted already."""

    NONE = "", _("nobody like this")
    OPEN = "open", _("looks alike: to be decided")
    SAME = "same", _("same person, not counted again")
    OTHER = "other", _("another person")


class PaperLineQuerySet(models.QuerySet):
    def countable(self):
        return self.filter(match__in=(Match.NONE, Match.OTHER))

    def undecided(self):
        return self.filter(match__in=(Match.NONE, Match.OPEN), anonymised_at=None)

    def alike(self):
        """Lines that look like somebody else, decided or not; open ones come first."""
        first = models.Case(models.When(match=Match.OPEN, then=0), default=1)
        rows = self.exclude(match=Match.NONE).select_related("signature", "twin__batch")
        return rows.order_by(first, "number")

    def by_country(self):
        """How many count, by country."""
        counted = self.filter(counted=True).values_list("country")
        return dict(counted.annotate(total=models.Count("pk")).order_by("country"))

    def forget(self):
        """Remove the people from these lines; returns how many. The countries stay."""
        return self.filter(anonymised_at=None).update(
            anonymised_at=Now(),
            name="",
            city="",
            postcode="",
            email="",
            signature=None,
            twin=None,
        )

    def with_address(self, email):
        return self.filter(email=email).select_related("batch__petition")

    def export(self):
        return [
            {
                gettext("petition"): line.batch.petition.ask,
                gettext("name"): line.name,
                gettext("city"): line.city,
                gettext("postcode"): line.postcode,
                gettext("country"): line.country.name,
                gettext("collected"): line.batch.collected_on.isoformat(),
                gettext("counted"): line.counted,
            }
            for line in self.order_by("pk")
        ]

    def erase(self):
        """Erase the people on these lines."""
        for line in self:
            line.erase()


class PaperLine(models.Model):
    """One name on a sheet, with no more than is written there."""

    batch = models.ForeignKey(
        "paper.PaperBatch",
        on_delete=models.CASCADE,
        related_name="lines",
        verbose_name=_("batch"),
    )
    number = models.PositiveIntegerField(_("line"), editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    country = CountryField(_("country"))
    email = models.CharField(
        _("email address"), max_length=254, blank=True, db_index=True
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    match = models.CharField(
        _("compared"), max_length=5, choices=Match, blank=True, editable=False
    )
    # Whom it looks like: a signature online, or another line on paper. Deleting
    # signatures does not look here, or a hundred thousand could not be deleted in one
    # statement.
    signature = models.ForeignKey(
        Signature,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    twin = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    counted = models.BooleanField(_("counted"), default=False, editable=False)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, editable=False)

    objects = PaperLineQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="with_address",
        identifies=("email",),
        order=5,
        texts=("name", "city"),
    )

    class Meta:
        db_table = "petitions_paperline"
        verbose_name = _("name on paper")
        verbose_name_plural = _("names on paper")
        ordering = ["batch", "number"]
        indexes = [
            models.Index(
                "batch", condition=Q(match="open"), name="paper_lines_to_decide"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                "batch", "number", name="one_paper_line_for_each_number"
            ),
            models.CheckConstraint(
                condition=Q(counted=False) | ~Q(match=Match.SAME),
                name="counted_paper_line_is_no_double",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(name="", city="", postcode="", email=""),
                name="anonymous_paper_line_holds_no_person",
            ),
        ]

    def __str__(self):
        # The name is left out: the log keeps these words for years.
        return gettext("line %d") % self.number

    @property
    def place(self):
        return comma().join(
            filter(None, [f"{self.postcode} {self.city}".strip(), self.country.name])
        )

    @property
    def person(self):
        email = self.email and Mailbox(self.email).seat
        return self.name, self.city, self.country.code, email

    def put_right(self, by):
        """Save what was changed, and have the line compared again."""
        with transaction.atomic():
            if not self.batch.locked().is_being_entered:
                raise NotBeingEntered
            self.entered_by = by
            self.match, self.signature, self.twin = Match.NONE, None, None
            self.save()

    def decide(self, *, is_same):
        """Note whether it is the person that it looks like. Safe to call twice.

        In a batch that is counted, the count follows. Raises CannotCount if it would
        rise after it is final.
        """
        with transaction.atomic():
            batch = self.batch.locked()
            line = batch.lines.get(pk=self.pk)
            if line.match == Match.NONE:
                return
            was_counted = line.counted
            line.match = Match.SAME if is_same else Match.OTHER
            line.counted = bool(batch.counted_at) and not is_same
            if line.counted and not was_counted and batch.petition.is_final:
                raise CannotCount(IS_FINAL)
            line.save(update_fields=["match", "counted"])
            if was_counted != line.counted:
                batch.step({line.country.code: 1}, +1 if line.counted else -1)
        self.refresh_from_db()

    def erase(self):
        """Erase the person on this line.

        If the line counts and the campaign has ended, it stays in the count, anonymous.
        Otherwise it is deleted, which lowers the count.
        """
        with transaction.atomic():
            batch = self.batch.locked()
            line = batch.lines.filter(pk=self.pk).first()
            if line is None:
                return
            if line.counted and batch.petition.campaign.has_ended:
                batch.lines.filter(pk=self.pk).forget()
                return
            if line.counted:
                batch.step({line.country.code: 1}, -1)
            line.delete()
