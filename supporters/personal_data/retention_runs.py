from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database import retention
from database.kept import Kept
from database.moments import day_and_hour
from database.personal_data import PersonalData

# Why a rule has left something, if it is no fault.
LATE = "late"


class RetentionRun(models.Model):
    """What one retention run deleted: numbers, and nothing of whom they were."""

    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # {rule: how many}, written with each batch.
    report = models.JSONField(_("deleted"), default=dict)
    # {rule: why}, for each rule that has left something: LATE, or a fault's name.
    unfinished = models.JSONField(
        _("not finished"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
    )

    personal_data = PersonalData(
        about_nobody=("report", "unfinished"),
        kept=(
            Kept(
                name="retention runs",
                words=_("reports on what we deleted each night"),
                period="KEEP_RETENTION_RUNS_DAYS",
                since="started_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("nightly deletion")
        verbose_name_plural = _("nightly deletions")
        ordering = ["-started_at"]

    def __str__(self):
        return day_and_hour(self.started_at)

    @property
    def unfinished_words(self):
        """What was left, and why: a line for each rule."""
        words = {rule.name: rule.words for rule in retention.rules()}
        return "\n".join(
            f"{words.get(name, name)} ({_why(why)})"
            for name, why in self.unfinished.items()
        )

    @classmethod
    def run(cls):
        """Delete all that is due, note how many, and return the report.

        Neither a fault nor a rule that takes too long keeps other rules from their
        work. The next run goes on with what is left. The ledger tells staff of what it
        leaves for days. Faults are raised when all rules are done. Safe to repeat.
        """
        run, faults = cls.objects.create(started_at=timezone.now()), []
        for rule in retention.rules():
            try:
                faults += run._work(rule)
            except Exception as fault:
                run._leave(rule, type(fault.__cause__ or fault).__name__)
                faults.append(fault)
        run.ended_at = timezone.now()
        run.save(update_fields=["ended_at"])
        if faults:
            raise ExceptionGroup("Some rules of retention failed", faults)
        return run

    def _work(self, rule):
        """Let a rule do what it can in its time; returns the faults of single rows."""
        faults = []
        self._note(rule, 0)
        for progress in rule.run(seconds=settings.RETENTION_MINUTES_A_RULE * 60):
            faults += progress.faults
            self._note(rule, progress.number)
            if progress.is_late:
                self._leave(rule, LATE)
        if faults:
            self._leave(rule, type(faults[-1]).__name__)
        return faults

    def _note(self, rule, number):
        self.report[rule.name] = self.report.get(rule.name, 0) + number
        self.save(update_fields=["report"])

    def _leave(self, rule, why):
        self.unfinished[rule.name] = why
        self.save(update_fields=["unfinished"])


def _why(why):
    if why == LATE:
        minutes = settings.RETENTION_MINUTES_A_RULE
        return gettext("stopped after %d minutes") % minutes
    return gettext("fault: %s") % why
