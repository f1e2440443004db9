from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Update
from outbox.bounce_reports import bounce_address, mac, names_in
from supporters.acts.because import Because
from supporters.follow import tasks
from supporters.follow.frequency import Frequency
from supporters.follow.models import Follow
from supporters.my_page.section import Section
from supporters.people.models import Supporter

# One row for each follower, written by one statement, however many they are; who
# follows in two ways gets it once, at the earlier time. Who waits for the outcome hears
# it once, even if there are two.
_QUEUE = """
    INSERT INTO supporters_copy (mailing_id, supporter_id, due_at, tries, reply)
    SELECT %(mailing)s, supporter_id,
        min(CASE frequency WHEN 'immediate' THEN %(immediate)s
            WHEN 'daily' THEN %(daily)s ELSE %(weekly)s END::timestamptz), 0, ''
    FROM supporters_follow
    WHERE confirmed_at IS NOT NULL AND stopped_at IS NULL
      AND (NOT only_outcome OR %(is_outcome)s AND NOT EXISTS (
           SELECT FROM supporters_copy copy
           JOIN supporters_mailing mailing ON mailing.id = copy.mailing_id
           JOIN campaigns_update before ON before.id = mailing.update_id
           WHERE copy.supporter_id = supporters_follow.supporter_id
             AND before.is_outcome AND before.campaign_id = %(campaign)s))
      AND (campaign_id = %(campaign)s
           OR campaign_id IS NULL AND language = %(language)s)
    GROUP BY supporter_id ORDER BY supporter_id
    ON CONFLICT (mailing_id, supporter_id) DO NOTHING
"""
# Mails, not rows: with its first row a follower's others that are due come along, so
# that they arrive in one mail. A row with an earlier one of the same follower is never
# a first one, whoever works on that, so that two workers do not share a follower.
_CLAIM = """
    WITH first AS (
        SELECT copy.id, copy.supporter_id FROM supporters_copy copy
        WHERE copy.settled_at IS NULL AND copy.due_at <= %(now)s
          AND (copy.claimed_at IS NULL OR copy.claimed_at < %(lease)s)
          AND EXISTS (SELECT FROM supporters_mailing mailing
                WHERE mailing.id = copy.mailing_id AND mailing.paused_at IS NULL)
          AND NOT EXISTS (SELECT FROM supporters_copy earlier
                JOIN supporters_mailing mailing ON mailing.id = earlier.mailing_id
                WHERE earlier.supporter_id = copy.supporter_id
                  AND earlier.id < copy.id AND earlier.settled_at IS NULL
                  AND earlier.due_at <= %(now)s AND mailing.paused_at IS NULL
                OFFSET 0)  -- looked up for each row, not joined to all that are open
        ORDER BY copy.due_at, copy.id LIMIT %(most)s
        FOR UPDATE OF copy SKIP LOCKED
    ), mine AS (
        SELECT copy.id, first.id AS mail FROM supporters_copy copy
        JOIN first ON first.supporter_id = copy.supporter_id
        WHERE copy.settled_at IS NULL AND copy.due_at <= %(now)s
          AND (copy.claimed_at IS NULL OR copy.claimed_at < %(lease)s)
          AND EXISTS (SELECT FROM supporters_mailing mailing
                WHERE mailing.id = copy.mailing_id AND mailing.paused_at IS NULL)
        FOR UPDATE OF copy SKIP LOCKED
    )
    UPDATE supporters_copy copy
    SET claimed_at = %(now)s, tries = tries + 1, mail = mine.mail
    FROM mine WHERE mine.id = copy.id
    RETURNING copy.*
"""


class MailingQuerySet(models.QuerySet):
    def send(self, update, *, by):
        """Mail an update to the followers, once it is published. Twice is once.

        The rows are written by a job, since there may be very many.
        """
        with transaction.atomic():
            mailing, is_new = self.get_or_create(
                update=update, defaults={"asked_by": by}
            )
            if is_new and update.is_published:
                mailing.queue_later()
        return mailing

    def to_queue(self):
        """Asked for, and their update is published by now."""
        return self.filter(queued_at=None, update__published_at__isnull=False)


class Mailing(models.Model):
    """An update on its way to the followers of its campaign."""

    update = models.OneToOneField(
        Update, on_delete=models.PROTECT, related_name="mailing"
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

    def queue_later(self):
        tasks.queue_mailing.defer(mailing_pk=self.pk)

    def queue(self):
        """Write a row for each follower, in one statement. Safe to call twice."""
        with transaction.atomic():
            mailing = Mailing.objects.select_for_update().get(pk=self.pk)
            if mailing.queued_at or not self.update.is_published:
                return
            campaign, now = self.update.campaign, timezone.now()
            with connection.cursor() as cursor:
                values = {f.value: f.next_due(now) for f in Frequency}
                values |= {"mailing": self.pk, "campaign": campaign.pk}
                values["is_outcome"] = self.update.is_outcome
                cursor.execute(_QUEUE, {**values, "language": campaign.language})
                written = cursor.rowcount
                # Or claiming is planned for the empty table that this was.
                cursor.execute("ANALYZE supporters_copy")
            Mailing.objects.filter(pk=self.pk).update(queued_at=now, followers=written)
        self.refresh_from_db()

    def pause(self):
        """Hand over nothing more, from the next mail on. Safe to call twice."""
        Mailing.objects.filter(pk=self.pk, paused_at=None).update(paused_at=Now())
        self.refresh_from_db()

    def resume(self):
        Mailing.objects.filter(pk=self.pk).update(paused_at=None)
        self.refresh_from_db()

    def numbers(self):
        """What became of the copies so far, in one query."""
        settled = ~Q(settled_at=None)
        return self.copies.aggregate(
            waiting=Count("pk", filter=~settled),
            handed_over=Count("pk", filter=~Q(handed_over_at=None)),
            refused=Count("pk", filter=~Q(refused_at=None)),
            gave_up=Count("pk", filter=~Q(gave_up_at=None)),
            stopped=Count("pk", filter=~Q(stopped_at=None)),
            may_have_arrived=Count("pk", filter=~Q(may_have_arrived_at=None)),
            bounced=Count("pk", filter=~Q(bounced_at=None)),
            complained=Count("pk", filter=~Q(complained_at=None)),
        )


class CopyQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)

    def due(self):
        """To be worked on now: its time has come, or a dead worker left it behind."""
        now = timezone.now()
        lease = now - timedelta(seconds=settings.FOLLOW_LEASE_SECONDS)
        paused = Mailing.objects.filter(pk=OuterRef("mailing"), paused_at__isnull=False)
        return self.open().filter(
            Q(claimed_at=None) | Q(claimed_at__lt=lease),
            ~Exists(paused),
            due_at__lte=now,
        )

    def claim(self, most):
        """Take up to as many mails with a lease; returns their rows in no order.

        A stale lease is taken over. What somebody else is at is passed over.
        """
        now = timezone.now()
        lease = now - timedelta(seconds=settings.FOLLOW_LEASE_SECONDS)
        # A raw UPDATE: it is done once its rows are read.
        return list(self.raw(_CLAIM, {"now": now, "lease": lease, "most": most}))

    def to_anonymise(self):
        """Over, and long ago or of somebody who does and follows nothing any more."""
        limit = timezone.now() - timedelta(days=settings.KEEP_MAIL_NOTES_DAYS)
        return self.filter(
            Q(settled_at__lt=limit) | Q(supporter__confirmations=None),
            settled_at__isnull=False,
            supporter__isnull=False,
        )

    def of_supporter(self, supporter):
        return self.filter(supporter=supporter)

    def for_my_page(self):
        return self.select_related("mailing__update__campaign").order_by("-pk")

    def erase(self):
        """Leave the numbers of the mailings as they are, and nobody in them."""
        self.open().update(stopped_at=Now(), settled_at=Now())
        return self.update(supporter=None, reply="")

    def export(self):
        return [
            {
                "update": copy.mailing.update.title,
                "due": copy.due_at.isoformat(),
                "state": str(copy.state),
                "settled": copy.settled_at and copy.settled_at.isoformat(),
            }
            for copy in self.select_related("mailing__update").order_by("pk")
        ]

    def for_bounce_address(self, text):
        """The copy that an envelope address in a text names, or DoesNotExist."""
        for name in names_in(text):
            if name[0] == "c" and name[1:].isdecimal() and len(name) < 20:
                return self.get(pk=int(name[1:]))
        raise self.model.DoesNotExist

    def for_message_id(self, message_id):
        """The copy that a Message-ID of ours names, or DoesNotExist."""
        name = message_id.strip("<> ").partition("@")[0]
        kind, _dot, pk = name.rpartition(".")[0].partition(".")
        ours = kind == "update" and pk.isdecimal() and len(pk) < 19
        if not ours or name.rpartition(".")[2] != mac(f"update.{pk}"):
            raise self.model.DoesNotExist
        return self.get(pk=int(pk))


class Copy(models.Model):
    """One update for one follower: when it is due, and what became of it.

    Several that are due together travel in one mail, which `mail` names by its first.
    """

    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="copies"
    )
    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, null=True, related_name="copies"
    )
    due_at = models.DateTimeField(_("due"))
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    mail = models.BigIntegerField(null=True)
    data_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    may_have_arrived_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=300, blank=True)

    objects = CopyQuerySet.as_manager()
    my_page = Section(
        "updates", _("Updates to you"), "supporters/_copies.html", is_record=True
    )

    class Meta:
        verbose_name = _("copy of an update")
        verbose_name_plural = _("copies of updates")
        constraints = [
            models.UniqueConstraint(
                "mailing", "supporter", name="one_copy_of_an_update_for_each"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None)
                | ~Q(
                    handed_over_at=None,
                    refused_at=None,
                    gave_up_at=None,
                    stopped_at=None,
                    may_have_arrived_at=None,
                ),
                name="settled_copy_says_how",
            ),
        ]
        indexes = [
            models.Index(
                "due_at", "id", condition=Q(settled_at=None), name="open_copies"
            )
        ]

    def __str__(self):
        return f"{self.mailing_id}/{self.pk}"

    @property
    def bounce_address(self):
        """The envelope sender, which names this mail to whoever reports back."""
        return bounce_address(f"c{self.pk}")

    @property
    def message_id(self):
        return f"<update.{self.pk}.{mac(f'update.{self.pk}')}@{settings.MAIL_DOMAIN}>"

    @property
    def left_at(self):
        """When our relay had it, or may have had it; None before that."""
        return self.handed_over_at or self.may_have_arrived_at or self.data_at

    @property
    def state(self):
        """What we know, in plain words, and nothing more than we know."""
        for is_so, words in (
            (self.complained_at, _("its owner called it spam")),
            (self.bounced_at, _("came back later")),
            (self.refused_at, _("refused")),
            (self.gave_up_at, _("not delivered; we stopped trying")),
            (self.stopped_at, _("stopped before it was sent")),
            (self.handed_over_at, _("handed to our mail service")),
            (self.may_have_arrived_at, _("may have arrived")),
        ):
            if is_so:
                return words
        return _("queued")

    def bounce(self, words, *, for_good=True):
        """Note that it came back; for good ends every mail to its address."""
        with transaction.atomic():
            self._of_this_mail().filter(bounced_at=None).update(
                bounced_at=Now(), reply=words[:300]
            )
            if for_good and self.supporter:
                self.supporter.unsubscribe(Because.BOUNCED, words)
        self.refresh_from_db()

    def complain(self):
        """Its owner has called it spam: nothing more to this address."""
        with transaction.atomic():
            self._of_this_mail().update(complained_at=Now())
            if self.supporter:
                self.supporter.unsubscribe(Because.COMPLAINED)
        self.refresh_from_db()

    def _of_this_mail(self):
        own = Q(pk=self.pk)
        if self.mail and self.supporter_id:
            own |= Q(supporter=self.supporter_id, mail=self.mail)
        return Copy.objects.filter(own)


def audience(update):
    """How many would get an update now, by frequency; each follower once."""
    follows = Follow.objects.reaching(update)
    numbers = follows.aggregate(
        total=Count("supporter", distinct=True),
        **{
            frequency.value: Count(
                "supporter", distinct=True, filter=Q(frequency=frequency)
            )
            for frequency in Frequency
        },
    )
    return numbers
