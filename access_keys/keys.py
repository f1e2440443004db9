"""Keys by which programs read what their makers may download (decision 74)."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from database.personal_data import PersonalData
from staff.audit.models import AuditEntry
from staff.reach import still_may

# Who may download names may have a program read them.
DOWNLOADS = "petitions.add_bundle"
LONGEST = timedelta(days=366)
# It tells a scanner for lost secrets, and whoever finds it in a file, what it is.
PREFIX = "campaignkey_"


def hash_of(text):
    """What is stored of a key. It is random and long, so that nobody tries it out."""
    return sha256(text.encode()).digest()


class AccessKeyQuerySet(models.QuerySet):
    def not_over(self):
        """Those that work, or could again: when their makers may download again."""
        today = timezone.localdate()
        return self.filter(revoked_at=None, ends_on__gte=today, made_by__isnull=False)

    def working(self):
        """Those that were not revoked and have not ended.

        Whether their makers may still download is asked of each: `opens()`.
        """
        works_here = {"made_by__is_active": True, "made_by__is_staff": True}
        return self.not_over().filter(**works_here)

    def holding(self, text):
        """The working key with this text, or None. It is found by its hash."""
        found = self.working().filter(key_hash=hash_of(text)).select_related("made_by")
        key = found.first()
        return key if key and key.maker_may else None

    def revoke(self):
        """End them at once; returns how many were not revoked before."""
        return self.filter(revoked_at=None).update(revoked_at=Now())


class AccessKey(models.Model):
    """A key of one of the staff; it opens no more than its maker may download now."""

    name = models.CharField(
        _("name"),
        max_length=80,
        help_text=_("Which program uses it, for example “Our mailing list”."),
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
        help_text=_("If empty, all campaigns whose names you may download."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    key_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField(
        pgettext_lazy("access key", "made"), db_default=Now(), editable=False
    )
    ends_on = models.DateField(
        _("last day"), help_text=_("A year from now at the latest.")
    )
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_on = models.DateField(_("last used"), null=True, editable=False)

    objects = AccessKeyQuerySet.as_manager()
    personal_data = PersonalData(texts=("name",), about_nobody=("key_hash",))

    class Meta:
        db_table = "api_accesskey"
        verbose_name = _("access key")
        verbose_name_plural = _("access keys")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    def clean(self):
        today = timezone.localdate()
        if self.ends_on and not today <= self.ends_on <= today + LONGEST:
            said = _("Choose a day from today to a year from now.")
            raise ValidationError({"ends_on": said})

    @property
    def is_over(self):
        """Whether it works never again."""
        is_late = self.ends_on < timezone.localdate()
        return bool(self.revoked_at or is_late or self.made_by_id is None)

    @property
    def maker_may(self):
        """Whether who made it may still download what it is for."""
        return still_may(self.made_by, DOWNLOADS, self.campaign_id)

    @property
    def opened(self):
        """Its campaign, or in a word that it is for all."""
        return self.campaign or _("All campaigns")

    @property
    def state(self):
        """The word for it, for staff."""
        if self.revoked_at:
            return pgettext_lazy("access key", "revoked")
        if self.ends_on < timezone.localdate():
            return pgettext_lazy("access key", "ended")
        if not self.maker_may:
            return _("its maker may not download any more")
        return pgettext_lazy("access key", "works")

    def give_text(self):
        """Make its text, which is stored nowhere: only now can it be shown."""
        text = PREFIX + secrets.token_urlsafe(32)
        self.key_hash = hash_of(text)
        return text

    def opens(self, campaign):
        """Whether it is for this campaign, whose names its maker may download."""
        if self.campaign_id not in (None, campaign.pk):
            return False
        return still_may(self.made_by, DOWNLOADS, campaign.pk)

    def note_use(self, page):
        """Note that it is used today. The audit trail gets one entry a day."""
        today = timezone.localdate()
        unused = Q(last_used_on=None) | Q(last_used_on__lt=today)
        mine = AccessKey.objects.filter(unused, pk=self.pk)
        if mine.update(last_used_on=today):
            AuditEntry.objects.note(
                self.made_by,
                AuditEntry.Kind.EXPORTED,
                self._meta.label_lower,
                [self.pk],
                None,
                page=page,
                action="signatures",
            )
