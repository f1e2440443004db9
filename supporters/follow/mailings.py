from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Case, Count, DateTimeField, Min, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Update
from outbox.models import Outcome
from staff.reach import still_may
from supporters.follow import tasks
from supporters.follow.audience import Segment, reached_by
from supporters.follow.frequency import Frequency
from supporters.follow.update_for_follower import UpdateForFollower

SENDS = "supporters.change_mailing"


class MailingQuerySet(models.QuerySet):
    def send(self, update, *, by, only=Segment.EVERYBODY):
        """Mail an update to the followers, once it is published. Safe to call twice.

        A job writes the rows, since there may be very many.
        """
        with transaction.atomic():
            mailing, is_new = self.get_or_create(
                update=update, defaults={"asked_by": by, "only": only}
            )
            if is_new and update.is_published:
                mailing.queue_later()
        return mailing

    def to_queue(self):
        """Mailings that were asked for, and whose update is published by now."""
        found = self.select_related("asked_by", "update__campaign")
        return found.filter(
            queued_at=None, paused_at=None, update__published_at__isnull=False
        )


class Mailing(models.Model):
    """An update on its way to the followers of its campaign."""

    update = models.OneToOneField(
        Update,
        on_delete=models.PROTECT,
        related_name="mailing",
        verbose_name=_("update"),
    )
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    only = models.CharField(
        _("to whom"),
        max_length=10,
        choices=Segment,
        blank=True,
        db_default="",
        default="",
    )
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    followers = models.PositiveIntegerField(_("followers"), default=0)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-pk"]

    def __str__(self):
        return self.update.title

    @property
    def maker_may(self):
        """Whether who asked for it may still send updates of the campaign."""
        return still_may(self.asked_by, SENDS, self.update.campaign_id)

    def queue_later(self):
        tasks.queue_mailing.defer(mailing_pk=self.pk)

    def begin_later(self):
        """Queue what waited for its update, if who asked for it still may.

        If not, it is paused, so that somebody else decides.
        """
        if self.maker_may:
            self.queue_later()
        else:
            self.pause()

    def queue(self):
        """Make a row for each follower, in one statement, however many they are.

        Somebody who follows in two ways gets the update once, at the earlier time. It
        is paused when visitors do not see the campaign any more. Safe to call twice.
        """
        with transaction.atomic():
            mailing = Mailing.objects.select_for_update().get(pk=self.pk)
            if mailing.queued_at or not self.update.is_published:
                return
            if not self.update.campaign.is_published:
                self.pause()
                return
            now = timezone.now()
            reached, values = self._reached(now).query.sql_with_params()
            table = UpdateForFollower._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table} (mailing_id, outcome, supporter_id, due_at)"
                    f" SELECT %s, '', reached.* FROM ({reached}) reached"
                    " ON CONFLICT DO NOTHING",
                    [self.pk, *values],
                )
                written = cursor.rowcount
                # Without this, collecting is planned for the empty table that this was.
                cursor.execute(f"ANALYZE {table}")
            Mailing.objects.filter(pk=self.pk).update(queued_at=now, followers=written)
        self.refresh_from_db()

    def _reached(self, now):
        """Pairs of a follower and when the update is due for them."""
        due = Case(
            *(When(frequency=f, then=Value(f.next_due(now))) for f in Frequency),
            output_field=DateTimeField(),
        )
        reached = reached_by(self.update, self.only, self.asked_by)
        by_supporter = reached.order_by("supporter").values("supporter")
        return by_supporter.annotate(due=Min(due)).values_list("supporter", "due")

    def pause(self):
        """Send nothing more of it, from the next mail on. Safe to call twice."""
        Mailing.objects.filter(pk=self.pk, paused_at=None).update(paused_at=Now())
        self.refresh_from_db()

    def resume(self, *, by=None):
        """Go on; whoever resumes what had not begun answers for it from now on."""
        mine = Mailing.objects.filter(pk=self.pk)
        if by:
            mine.filter(queued_at=None).update(asked_by=by)
        mine.update(paused_at=None)
        self.refresh_from_db()

    def numbers(self):
        """How many wait, ended in which way, and were reported on; in one query."""
        ended = {
            outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in Outcome
        }
        return self.items.aggregate(
            waiting=Count("pk", filter=Q(settled_at=None)),
            **ended,
            bounced=Count("pk", filter=Q(mail__bounced_at__isnull=False)),
            complained=Count("pk", filter=Q(mail__complained_at__isnull=False)),
        )
