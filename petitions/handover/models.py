"""What officials get: one ZIP with the petition, its names, and proof of its count."""

import re
import secrets
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.moments import day_of
from database.personal_data import PersonalData
from petitions import beside
from petitions.counting.models import TallyEntry
from petitions.handover import archive, tasks
from petitions.petition import Petition
from petitions.private_files import Folder


class BundleQuerySet(models.QuerySet):
    def forget(self):
        """Delete them with their files; returns how many."""
        self.forget_files()
        return self.delete()[0]

    def forget_files(self):
        """Delete their files once the transaction commits, for somebody who is erased.

        They may stand in the files, so from that commit on nobody can download them.
        A bundle that is being made comes to nothing.
        """
        FILES.forget_later(self.values_list("name", flat=True))
        self.update(finished_at=Coalesce("finished_at", Now()), size=None)


def new_name():
    return f"{secrets.token_hex(16)}.zip"


class Bundle(models.Model):
    """A ZIP for officials, made by a worker; its file is deleted after some days."""

    petition = models.ForeignKey(
        Petition,
        on_delete=models.PROTECT,
        related_name="bundles",
        verbose_name=_("petition"),
    )
    to = models.CharField(
        _("to whom"),
        max_length=160,
        help_text=_("For example “the Mayor of Bakersfield”. Appears on the cover."),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    signatures = models.PositiveIntegerField(_("signatures"), null=True, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), null=True, editable=False)
    name = models.CharField(
        max_length=36, unique=True, default=new_name, editable=False
    )

    objects = BundleQuerySet.as_manager()
    personal_data = PersonalData(
        texts=("to",),
        about_nobody=("name",),
        kept=(
            Kept(
                name="bundles",
                words=_("files that were made for officials"),
                period="KEEP_BUNDLES_DAYS",
                since="asked_at",
                do="forget",
            ),
        ),
    )

    class Meta:
        verbose_name = _("file for officials")
        verbose_name_plural = _("files for officials")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.to}, {day_of(self.asked_at)}"

    @property
    def state(self):
        """The word for how far it is, for staff."""
        if self.finished_at:
            return _("ready") if self.is_ready else _("its file is gone")
        return _("waiting")

    @property
    def is_ready(self):
        """Whether it was made, and nobody in it was erased since."""
        return self.finished_at is not None and self.size is not None

    def open(self):
        """The open file, or None when there is none."""
        return FILES.open(self.name) if self.is_ready else None

    @property
    def goes_at(self):
        return self.asked_at + timedelta(days=settings.KEEP_BUNDLES_DAYS)

    def make_later(self):
        tasks.make_bundle.defer(bundle_pk=self.pk)

    def make(self):
        """Write the file; safe to repeat. Everything in it is of one moment."""
        if self.finished_at:
            return
        for room in beside.rooms():
            room.keep_up(self.petition)
        TallyEntry.roll_up()
        with _one_moment():
            signatures, size = archive.write(self, FILES)
        unfinished = Bundle.objects.filter(pk=self.pk, finished_at=None)
        unfinished.update(signatures=signatures, size=size, finished_at=timezone.now())
        if not Bundle.objects.filter(pk=self.pk, size=size).exists():
            FILES.forget(self.name)  # somebody in it was erased meanwhile
        self.refresh_from_db()


_NAME = re.compile(r"[0-9a-f]{32}\.zip")
FILES = Folder("bundles", _NAME, Bundle.objects.all, is_made_again=True)


@contextmanager
def _one_moment():
    """A transaction whose statements all see the same rows.

    This cannot be so inside another transaction, such as a test.
    """
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
