"""What officials get: one ZIP with the petition, its names, and proof of its count."""

import re
import secrets
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
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

    class Paper(models.TextChoices):
        A4 = "a4", _("A4")
        LETTER = "letter", _("US Letter")

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
    paper = models.CharField(_("paper"), max_length=6, choices=Paper, default=Paper.A4)
    has_pdf = models.BooleanField(
        _("PDF to hand over"),
        default=True,
        help_text=_("Cover, ask, totals, and the names that may be shown."),
    )
    has_csv = models.BooleanField(
        _("list for spreadsheets (CSV)"),
        default=True,
        help_text=_("A line for each signature, without email addresses."),
    )
    has_chain = models.BooleanField(
        _("proof of the count"),
        default=True,
        help_text=_("With it, officials can check the number, even without internet."),
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
    # The number of lines to write, in all files.
    total = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(has_pdf=True) | Q(has_csv=True) | Q(has_chain=True),
                name="bundle_holds_something",
                violation_error_message=_("Choose what goes in."),
            )
        ]

    def __str__(self):
        return f"{self.to}, {day_of(self.asked_at)}"

    @property
    def state(self):
        """The word for how far it is, for staff."""
        if self.finished_at:
            return _("ready") if self.is_ready else _("its file is gone")
        return _("in progress") if self.total else _("waiting")

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
            signatures, size = archive.write(self, FILES, self._note_progress)
        unfinished = Bundle.objects.filter(pk=self.pk, finished_at=None)
        unfinished.update(signatures=signatures, size=size, finished_at=timezone.now())
        if not Bundle.objects.filter(pk=self.pk, size=size).exists():
            FILES.forget(self.name)  # somebody in it was erased meanwhile
        self.refresh_from_db()

    def _note_progress(self, done, total):
        """Note how far it is, for staff who look at its page meanwhile.

        This uses a connection of its own, since nobody sees what a transaction writes
        before it ends.
        """
        aside = connection.copy()
        try:
            with aside.cursor() as cursor:
                cursor.execute(
                    "UPDATE petitions_bundle SET done = %s, total = %s WHERE id = %s",
                    [done, total, self.pk],
                )
        finally:
            aside.close()


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
