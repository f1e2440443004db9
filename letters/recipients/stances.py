from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from database.personal_data import PersonalData
from letters.recipients.models import Recipient
from letters.suggested.models import SuggestedLetter


class StanceQuerySet(models.QuerySet):
    def of(self, suggested):
        """Where the recipients of a suggested letter stand, read at once."""
        return Stances(self.filter(letter=suggested))

    def said(self):
        """What officials have said; without the entries that they were asked."""
        return self.exclude(kind=Stance.Kind.ASKED)

    def note_asked(self, suggested_pk, recipient_pk):
        """Note the day on which the first letter was handed over for an official."""
        self.bulk_create(
            [
                Stance(
                    letter_id=suggested_pk,
                    recipient_id=recipient_pk,
                    kind=Stance.Kind.ASKED,
                    day=timezone.localdate(),
                )
            ],
            ignore_conflicts=True,
        )


class Stance(models.Model):
    """What an official has said about what a letter asks, on which day, and where.

    Entries are added and never overwritten: the newest by its day counts. The entry
    that an official was asked is our own, made when the first letter is handed over.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", pgettext_lazy("official", "asked")
        SUPPORTS = "supports", _("supports it")
        OPPOSES = "opposes", _("does not support it")
        ANSWERED = "answered", _("answered, without yes or no")

    letter = models.ForeignKey(
        SuggestedLetter, on_delete=models.CASCADE, related_name="stances"
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="stances"
    )
    kind = models.CharField(_("stance"), max_length=10, choices=Kind.choices)
    day = models.DateField(_("day"))
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("Where it was said, like “Council meeting” or “Letter to us”."),
    )
    url = models.URLField(_("address of the source"), blank=True)
    note = models.TextField(
        _("note"),
        max_length=1000,
        blank=True,
        help_text=_("For us. We do not publish it."),
    )
    entered_at = models.DateTimeField(_("entered"), db_default=Now())
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = StanceQuerySet.as_manager()
    personal_data = PersonalData(texts=("source", "url", "note"))

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                "letter",
                "recipient",
                condition=Q(kind="asked"),
                name="one_first_letter_a_recipient",
            ),
            models.CheckConstraint(
                condition=Q(kind="asked") | ~Q(source=""),
                name="stance_names_its_source",
            ),
        ]

    def __str__(self):
        day = date_format(self.day, "SHORT_DATE_FORMAT")
        return f"{day}: {self.get_kind_display()}"


@dataclass(frozen=True)
class OfficialPosition:
    """Where one official stands: when they were first asked, and all they have said."""

    recipient: Recipient
    asked_on: object = None
    said: tuple = ()

    @property
    def newest(self):
        return self.said[-1] if self.said else None

    @property
    def kind(self):
        """One of Stance.Kind; empty for an official who was not asked yet."""
        if self.newest:
            return self.newest.kind
        return Stance.Kind.ASKED if self.asked_on else ""

    @property
    def agrees(self):
        return self.kind == Stance.Kind.SUPPORTS

    @property
    def words(self):
        """The same in plain words, for everybody."""
        return {
            Stance.Kind.SUPPORTS: _("Supports it"),
            Stance.Kind.OPPOSES: _("Does not support it"),
            Stance.Kind.ANSWERED: _("Answered, without yes or no"),
            Stance.Kind.ASKED: _("No answer yet"),
        }.get(self.kind, _("We have sent no letter yet"))

    @property
    def days(self):
        """Days from the first letter to the first answer after it, or None."""
        if self.asked_on:
            for entry in self.said:
                if entry.day >= self.asked_on:
                    return (entry.day - self.asked_on).days
        return None


class Stances:
    """Where the recipients of one suggested letter stand."""

    def __init__(self, entries=()):
        self._asked, self._said = {}, {}
        for entry in entries:  # the oldest first
            if entry.kind == Stance.Kind.ASKED:
                self._asked[entry.recipient_id] = entry.day
            else:
                self._said.setdefault(entry.recipient_id, []).append(entry)

    def of(self, recipient):
        return OfficialPosition(
            recipient,
            self._asked.get(recipient.pk),
            tuple(self._said.get(recipient.pk, ())),
        )

    def of_officials(self, recipients):
        """The positions of these officials.

        Inboxes for the record are left out. An official who has left is in only if they
        have said something.
        """
        positions = [self.of(r) for r in recipients if not r.is_record]
        return [p for p in positions if p.said or not p.recipient.left_office_on]

    def to_thank(self, recipients):
        """The officials who agree, as far as we know today."""
        return [r for r in recipients if not r.is_record and self.of(r).agrees]

    def to_write_to(self, recipients):
        """Those who have not agreed; an inbox for the record only beside another."""
        asked = [r for r in recipients if r.is_record or not self.of(r).agrees]
        officials = [r for r in recipients if not r.is_record]
        if officials and all(r.is_record for r in asked):
            return []
        return asked

    def agreed_since(self, recipient, moment):
        """Whether an official's present "agrees" was entered after a moment."""
        position = self.of(recipient)
        return position.agrees and position.newest.entered_at > moment
