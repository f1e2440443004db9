"""Signatures that staff take out of the count, and can put back (decision 14)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.moments import day_and_hour
from database.personal_data import PersonalData
from petitions.counting.models import TallyEntry
from petitions.fraud import tasks
from petitions.signing.models import Signature

# A batch takes some tenths of a second; owners of its signatures may wait so long.
# Putting back is slower, since each takes a seat.
BATCH, BATCH_BACK = 1_000, 100
MOST_NETWORKS = 10
PROGRESS = (
    "reached",
    "taken_out",
    "put_back_to",
    "put_back",
    "left_out",
    "finished_at",
)


class InvalidationQuerySet(models.QuerySet):
    def final(self):
        """Those that cannot be undone any more, and are not being undone."""
        limit = timezone.now() - timedelta(days=settings.UNDO_DAYS)
        return self.filter(at__lt=limit).exclude(
            undone_at__isnull=False, finished_at=None
        )

    def forget_traces(self):
        """Keep only who took how many out of the count, when and why."""
        return self.update(found_by="", keys=[])


class Invalidation(models.Model):
    """One decision of a member of staff that takes signatures out of the count.

    The signatures were chosen when the button was pressed: `keys`. Workers go through
    them in batches, and note with each batch how far the work has come.
    """

    petition = models.ForeignKey(
        "Petition",
        on_delete=models.PROTECT,
        related_name="invalidations",
        verbose_name=_("petition"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=300)
    found_by = models.TextField(_("how they were found"), blank=True)
    keys = ArrayField(models.BigIntegerField(), editable=False)
    number = models.PositiveIntegerField(_("signatures"))
    # How many of the keys are done, and how many of those were counted.
    reached = models.PositiveIntegerField(default=0, editable=False)
    taken_out = models.PositiveIntegerField(_("that were counted"), default=0)

    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    # Signatures up to this key were put back, or left out since they are counted
    # already.
    put_back_to = models.BigIntegerField(default=0, editable=False)
    put_back = models.PositiveIntegerField(_("put back"), default=0)
    left_out = models.PositiveIntegerField(_("signed again since"), default=0)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = InvalidationQuerySet.as_manager()
    personal_data = PersonalData(
        texts=("reason", "found_by"),
        kept=(
            # An invalidation that is being undone is not final.
            Kept(
                name="invalidations",
                words=_("how we found signatures that we took out of the count"),
                period="UNDO_DAYS",
                since="at",
                where=~Q(found_by="", keys=[])
                & ~Q(undone_at__isnull=False, finished_at=None),
                do="forget_traces",
            ),
        ),
    )

    class Meta:
        verbose_name = _("invalidation")
        verbose_name_plural = _("invalidations")
        ordering = ["-pk"]

    def __str__(self):
        return f"{day_and_hour(self.at)} – {self.reason}"

    @classmethod
    def start(cls, petition, rows, *, by, reason, found_by, most=None):
        """Begin to take these signatures out of the count; returns the invalidation.

        They are chosen now. Later signatures are left alone, whatever they look like.
        Returns None when there are none, or more than `most`.
        """
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys or (most is not None and len(keys) > most):
            return None
        with transaction.atomic():
            invalidation = cls.objects.create(
                petition=petition,
                by=by,
                reason=reason,
                found_by=found_by,
                keys=keys,
                number=len(keys),
            )
            tasks.go_on_invalidating.defer(invalidation_pk=invalidation.pk)
        return invalidation

    @property
    def is_at_work(self):
        """Whether a worker still has something to do, for it or for undoing it."""
        return self.finished_at is None

    @property
    def done(self):
        """How many of `number` are done in the present work."""
        if self.undone_at:
            return self.number - self.reached + self.put_back + self.left_out
        return self.reached

    def networks(self):
        """The networks from which most of its signatures came, with how many.

        They are known for as long as signatures keep the hash of their network.
        """
        rows = Signature.objects.filter(invalidation=self)
        found = rows.exclude(network_hash=None).order_by().values_list("network_hash")
        found = found.annotate(n=models.Count("pk"))
        return list(found.order_by("-n", "network_hash")[:MOST_NETWORKS])

    @property
    def undo_until(self):
        return self.at + timedelta(days=settings.UNDO_DAYS)

    @property
    def can_be_undone(self):
        return self.undone_at is None and timezone.now() < self.undo_until

    def undo(self, by):
        """Put back what it took out; False when it is too late, or was done already.

        This is possible in the middle of the work: the rest is then never taken out.
        """
        with transaction.atomic():
            locked = self._lock()
            if not locked.can_be_undone:
                return False
            locked.undone_at, locked.undone_by = timezone.now(), by
            locked.finished_at = None
            locked.save(update_fields=["undone_at", "undone_by", "finished_at"])
            tasks.go_on_invalidating.defer(invalidation_pk=self.pk)
        self.refresh_from_db()
        return True

    def go_on(self):
        """Do what is left, one transaction for each batch.

        It may be killed anywhere and repeated. Two workers at once share the work.
        """
        while self._batch():
            pass

    def _batch(self):
        """Do one batch; returns whether there may be more."""
        with transaction.atomic():
            invalidation = self._lock()
            if invalidation.finished_at:
                return False
            done = (
                invalidation._put_back()
                if invalidation.undone_at
                else invalidation._take_out()
            )
            if not done:
                invalidation.finished_at = timezone.now()
            invalidation.save(update_fields=PROGRESS)
        return done

    def _lock(self):
        # The keys are not read, since they may be a million.
        rows = Invalidation.objects.defer("keys").select_for_update()
        return rows.get(pk=self.pk)

    def _take_out(self):
        some = f"keys__{self.reached}_{self.reached + BATCH}"
        mine = Invalidation.objects.filter(pk=self.pk)
        keys = mine.values_list(some, flat=True).get()
        rows = Signature.objects.filter(pk__in=keys).can_be_invalidated()
        rows = list(rows.order_by("pk").select_for_update(of=("self",)))
        Signature.objects.filter(pk__in=[row.pk for row in rows]).update(
            invalidation=self, counted=False
        )
        counted = [row for row in rows if row.counted]
        TallyEntry.objects.note(counted, -1)
        self.reached += len(keys)
        self.taken_out += len(counted)
        return bool(keys)

    def _put_back(self):
        mine = self.signatures.filter(pk__gt=self.put_back_to).order_by("pk")
        rows = list(mine.select_for_update(of=("self",))[:BATCH_BACK])
        if not rows:
            return False
        Signature.objects.filter(pk__in=[row.pk for row in rows]).update(
            invalidation=None
        )
        # Signatures that were withdrawn meanwhile stay out of the count.
        to_count = [
            row for row in rows if row.confirmed_at and row.withdrawn_at is None
        ]
        # One by one, as when they are confirmed: a person who is counted by another
        # signature by now is not counted twice.
        left_out = sum(not row.count_in() for row in to_count)
        self.put_back_to = rows[-1].pk
        self.put_back += len(rows) - left_out
        self.left_out += left_out
        return True
