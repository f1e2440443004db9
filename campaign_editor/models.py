from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign_editor.parts import storable
from campaigns.models import Campaign
from database.kept import Kept
from database.personal_data import PersonalData

# What a form sends beside what was typed.
NOT_TYPED = ("csrfmiddlewaretoken", "began", "typed")


class Unfinished(models.Model):
    """What was typed into the guided form and cannot be used yet.

    So a draft can be saved at any moment. The rows of the campaign have all that can be
    used; the rest is here, with what is wrong with it, until it is corrected, or
    nobody has saved the form for KEEP_FORMS_DAYS.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="unfinished"
    )
    # {name: {"value": as typed, "errors": [...]}}
    fields = models.JSONField(default=dict)
    # {kind of row: [{"values": {name: as typed}, "errors": {name: [...]}}]}
    rows = models.JSONField(default=dict)
    # Recipients that nobody has taken in yet.
    csv = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    # Addresses in it are those of officials, until they are recipients.
    personal_data = PersonalData(
        about_nobody=("fields", "rows", "csv"),
        kept=(
            Kept(
                name="unfinished",
                words=_("what campaigners typed into a draft that cannot be used yet"),
                period="KEEP_FORMS_DAYS",
                since="at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("unfinished part of a draft")
        verbose_name_plural = _("unfinished parts of drafts")

    def __str__(self):
        return str(self.campaign)

    # Stored values of another form than expected are left out. The form may have
    # changed since, or a script may have written the row, and that must not break the
    # page for ever.

    @property
    def kept_fields(self):
        return {
            name: {"value": str(kept.get("value", "")), "errors": _texts(kept)}
            for name, kept in _pairs(self.fields)
            if isinstance(kept, dict)
        }

    @property
    def kept_rows(self):
        return {
            kind: [
                {"values": dict(_pairs(row.get("values"))), "errors": _errors(row)}
                for row in rows
                if isinstance(row, dict)
            ]
            for kind, rows in _pairs(self.rows)
            if isinstance(rows, list)
        }

    @property
    def is_empty(self):
        return not (self.fields or self.csv or any(self.rows.values()))


def _pairs(found):
    return found.items() if isinstance(found, dict) else ()


def _texts(kept, name="errors"):
    found = kept.get(name)
    return [str(each) for each in found] if isinstance(found, list) else []


def _errors(row):
    found = dict(_pairs(row.get("errors")))
    return {name: _texts(found, name) for name in found}


class UnsavedFormQuerySet(models.QuerySet):
    def of(self, campaign, user):
        """What this person has typed for this campaign and not saved, or None."""
        return self.filter(campaign=campaign, user=user).first()

    def keep(self, campaign, user, sent, *, began):
        """Keep a form as it was sent, in place of what was kept of it before.

        `began` is the digest of what was stored when its page was opened.
        """
        typed = {
            storable(name): [storable(value) for value in values]
            for name, values in sent.lists()
            if name not in NOT_TYPED
        }
        found = self.of(campaign, user) or UnsavedForm(campaign=campaign, user=user)
        found.typed, found.began, found.at = typed, began, timezone.now()
        found.number += 1
        found.save()
        return found


class UnsavedForm(models.Model):
    """What one person has typed into a guided form, and has not saved.

    It is kept while they type, so that nothing is lost with the window. Only they see
    it, and nothing else on the site does, until they save it or discard it, or have not
    typed for KEEP_FORMS_DAYS.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="unsaved_forms"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    # {name: [values]}
    typed = models.JSONField(default=dict)
    began = models.CharField(max_length=32)
    # How often it was kept; a window says by it what it goes on from.
    number = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(db_default=Now())

    objects = UnsavedFormQuerySet.as_manager()
    personal_data = PersonalData(
        about_nobody=("typed", "began"),
        kept=(
            Kept(
                name="unsaved-forms",
                words=_("what campaigners typed into a form and did not save"),
                period="KEEP_FORMS_DAYS",
                since="at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("form that is not saved")
        verbose_name_plural = _("forms that are not saved")
        constraints = [
            models.UniqueConstraint(
                "campaign", "user", name="one_unsaved_form_of_each_person"
            )
        ]

    def __str__(self):
        return str(self.campaign)

    def as_sent(self):
        """The form, as if a browser had just sent it."""
        sent = QueryDict(mutable=True)
        for name, values in _pairs(self.typed):
            sent.setlist(name, [str(value) for value in values])
        return sent


class FirstSteps(models.Model):
    """How far a new site has come; one row at most."""

    only = models.BooleanField(primary_key=True, default=True)
    names_checked_at = models.DateTimeField(null=True)
    mail_sent_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("first steps")
        verbose_name_plural = _("first steps")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(only=True), name="one_row_of_first_steps"
            )
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def note(cls, step):
        """Note that one of the steps is done now; only the first time counts."""
        row, _made = cls.objects.get_or_create(pk=True)
        if getattr(row, step) is None:
            cls.objects.filter(pk=True).update(**{step: timezone.now()})
