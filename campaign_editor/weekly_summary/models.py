"""Who wants a summary by email each Monday."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.mailed_keys import StandingKey
from outbox.models import OutgoingMail
from pages.addresses import absolute_reverse
from staff.models import User


class WeeklySummaryQuerySet(models.QuerySet):
    def wanted(self):
        """Those of people who work here, have an address and want one."""
        works = {"user__is_active": True, "user__is_staff": True}
        return self.filter(stopped_at=None, **works).exclude(user__email="")

    def with_last(self):
        """Adds `last`: when the last one was queued, or it was asked for."""
        return self.annotate(last=Coalesce("queued_at", "asked_at"))

    def queue(self):
        """Queue the mails of this Monday; a repeated run queues no second one."""
        now = timezone.now()
        with transaction.atomic():
            due = self.wanted().exclude(queued_at__gt=now - timedelta(days=1))
            rows = list(
                due.select_for_update(of=("self",)).values_list("user", "user__email")
            )
            OutgoingMail.objects.queue_many("weekly_summary", rows)
            self.filter(user__in=[user for user, _email in rows]).update(queued_at=now)

    def ask(self, user):
        """Send them one each Monday from now on. Safe to call twice."""
        wish, _is_new = self.get_or_create(user=user)
        self.filter(pk=wish.pk).exclude(stopped_at=None).update(
            stopped_at=None, asked_at=timezone.now(), queued_at=None
        )

    def stop(self):
        """Send no more. Safe to call twice."""
        return self.filter(stopped_at=None).update(stopped_at=timezone.now())


class WeeklySummary(models.Model):
    """The wish of one of the staff for a summary each Monday, and the key to end it."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="weekly_summary"
    )
    key = StandingKey(unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    objects = WeeklySummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly summary")
        verbose_name_plural = _("weekly summaries")

    def __str__(self):
        return str(self.user)

    def stop_url(self, language):
        return absolute_reverse("weekly-summary", language, key=self.key)
