"""The backups that are kept, and which of them was restored as a trial."""

from datetime import timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData

# A night may be missed once.
OLD_AFTER = timedelta(days=2)
TRIAL_EACH = timedelta(days=7)
TRIAL_IS_LATE_AFTER = TRIAL_EACH + OLD_AFTER


class BackupQuerySet(models.QuerySet):
    def newest(self):
        """The newest backup, or None."""
        return self.order_by("-made_at").first()

    def last_tried(self):
        """The backup that was restored last, or None."""
        return self.exclude(tried_at=None).order_by("-tried_at").first()

    def is_trial_due(self):
        """Whether the last trial was a week ago, or has failed."""
        last = self.last_tried()
        # A trial of last week's same hour is due, though that took some time.
        each = TRIAL_EACH - timedelta(hours=12)
        return last is None or bool(last.fault) or timezone.now() - last.tried_at > each


class Backup(models.Model):
    """One file in the place of backups. It goes when its file goes."""

    name = models.CharField(_("file"), max_length=80, unique=True)
    made_at = models.DateTimeField(_("made"))
    bytes = models.BigIntegerField(_("size"))
    signatures = models.BigIntegerField(_("signatures"))
    # All of the database, and what staff uploaded.
    rows = models.BigIntegerField()
    files = models.BigIntegerField(_("files"))
    tried_at = models.DateTimeField(_("restored as a trial"), null=True, blank=True)
    # Why the trial has failed, in the words of the tool.
    fault = models.TextField(_("what went wrong"), blank=True)

    objects = BackupQuerySet.as_manager()
    personal_data = PersonalData(
        about_nobody=("name", "fault"),
        kept=(
            Kept(
                name="backups",
                words=_("copies of the whole site, in case something breaks"),
                period="KEEP_BACKUPS_DAYS",
                since="made_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-made_at"]

    def __str__(self):
        return self.name


class BackupState:
    """How the backups are, as far as the database knows; two statements."""

    def __init__(self):
        self.newest = Backup.objects.newest()
        self.tried = Backup.objects.last_tried()

    @property
    def made_seconds(self):
        """How old the newest is; infinitely old if there is none."""
        return _age(self.newest and self.newest.made_at)

    @property
    def tried_seconds(self):
        """Since when no restore has been tried with success."""
        is_good = self.tried is not None and not self.tried.fault
        return _age(self.tried.tried_at if is_good else None)

    @property
    def fault(self):
        """What is wrong, as a sentence for staff, or ""."""
        if self.newest is None:
            return gettext("No backup of the site was made yet.")
        if self.made_seconds > OLD_AFTER.total_seconds():
            return gettext(
                "The newest backup is of %(moment)s. One is due each night."
            ) % {"moment": _moment(self.newest.made_at)}
        if self.tried is None:
            return gettext("No backup was restored as a trial yet.")
        if self.tried.fault:
            return gettext(
                "The backup of %(moment)s could not be restored as a trial: %(why)s"
            ) % {"moment": _moment(self.tried.made_at), "why": self.tried.fault}
        if self.tried_seconds > TRIAL_IS_LATE_AFTER.total_seconds():
            return gettext(
                "The last trial of a restore was on %(moment)s. One is due each week."
            ) % {"moment": _moment(self.tried.tried_at)}
        return ""

    @property
    def words(self):
        """How they are while nothing is wrong, as a sentence for staff."""
        return gettext(
            "The newest backup is of %(made)s. That of %(tried)s was restored on "
            "%(moment)s: %(signatures)s signatures, as when it was made."
        ) % {
            "made": _moment(self.newest.made_at),
            "tried": _moment(self.tried.made_at),
            "moment": _moment(self.tried.tried_at),
            "signatures": intcomma(self.tried.signatures),
        }


def _age(moment):
    return float("inf") if moment is None else (timezone.now() - moment).total_seconds()


def _moment(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
