from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign_site import retention


class NightQuerySet(models.QuerySet):
    def outdated(self):
        limit = timezone.now() - timedelta(days=settings.KEEP_NIGHTS_DAYS)
        return self.filter(started_at__lt=limit)


class Night(models.Model):
    """What one night's forgetting did: numbers, and nothing of whom they were."""

    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # {rule: how many}; a rule that failed has the name of its fault.
    report = models.JSONField(_("forgotten"), default=dict)

    objects = NightQuerySet.as_manager()

    class Meta:
        verbose_name = _("night of forgetting")
        verbose_name_plural = _("nights of forgetting")
        ordering = ["-started_at"]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @classmethod
    def spend(cls):
        """Forget all that is due, write down how many, and return the report.

        One rule's fault does not keep the others from their work; it is raised when
        all are done. Harmless to repeat.
        """
        night, faults = cls.objects.create(started_at=timezone.now()), []
        for rule in retention.rules():
            try:
                night.report[rule.name] = rule.forget()
            except Exception as fault:
                night.report[rule.name] = type(fault).__name__
                faults.append(fault)
            night.save(update_fields=["report"])
        night.ended_at = timezone.now()
        night.save(update_fields=["ended_at"])
        if faults:
            raise ExceptionGroup("Some rules of retention failed", faults)
        return night
