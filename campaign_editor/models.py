from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from database.kept import Kept
from database.personal_data import PersonalData

# What a form sends beside what was typed.
NOT_TYPED = ("csrfmiddlewaretoken", "began", "typed")


class UnsavedFormQuerySet(models.QuerySet):
    def of(self, campaign, user):
        """What this person has typed for this campaign and not saved, or None.

        Without a campaign, it is what they have typed for a new one.
        """
        return self.filter(campaign=campaign, user=user).first()

    def keep(self, campaign, user, sent, *, began):
        """Keep a form as it was sent, in place of what was kept of it before.

        `began` is the digest of what was stored when its page was opened.
        """
        typed = {
            _storable(name): [_storable(value) for value in values]
            for name, values in sent.lists()
            if name not in NOT_TYPED
        }
        found, _made = self.get_or_create(campaign=campaign, user=user)
        found.typed, found.began, found.at = typed, began, timezone.now()
        found.number += 1
        found.save()
        return found


class UnsavedForm(models.Model):
    """What one person has typed into a guided form, and has not saved.

    It is kept while they type, so that nothing is lost with the window, and when it
    cannot be saved as it is. Only they see it, and nothing else on the site does, until
    they save it or discard it, or have not typed for KEEP_FORMS_DAYS.
    """

    # None before the first save of a new campaign.
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, related_name="unsaved_forms"
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
                fields=["campaign", "user"],
                nulls_distinct=False,
                name="one_unsaved_form_of_each_person",
            )
        ]

    def __str__(self):
        return str(self.campaign or Campaign())

    def as_sent(self):
        """The form, as if a browser had just sent it."""
        sent = QueryDict(mutable=True)
        for name, values in self.typed.items():
            sent.setlist(name, values)
        return sent


def _storable(value):
    """What was typed, without what PostgreSQL cannot store."""
    return str(value or "").replace("\x00", "\ufffd")
