from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign


class Unfinished(models.Model):
    """What was typed into the guided form and cannot be used yet.

    So a draft can be saved at any moment. The rows of the campaign have all that can be
    used; the rest is here, with what is wrong with it, until it is corrected.
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
