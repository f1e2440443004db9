from datetime import timedelta
from functools import reduce
from operator import or_

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.pictures import picture_files, tasks


class Pictured(models.Model):
    """A row with a picture: its file, its description, and its focus.

    `put` and `drop` change the picture. `save` stores the change and has the old files
    deleted a day later. `have_pictures_made` asks a worker for all sizes. Until they
    are made, pages show the picture as it was taken in.
    """

    # How the picture is cut; see campaigns/pictures/cutting.py.
    KINDS = ("whole",)
    # The fields that name files.
    NAMES = ("picture", "picture_cuts")
    # Fields that describe the present picture, and are cleared for another one.
    OF_THE_PICTURE = ("picture_alt", "picture_credit", "picture_x", "picture_y")

    # Names of pictures, as in picture_files.py; the files have more in their names.
    picture = models.CharField(
        max_length=32, blank=True, editable=False, default="", db_default=""
    )
    picture_cuts = models.CharField(
        max_length=32, blank=True, editable=False, default="", db_default=""
    )
    picture_width = models.PositiveIntegerField(editable=False, default=0, db_default=0)
    picture_height = models.PositiveIntegerField(
        editable=False, default=0, db_default=0
    )
    picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("Describe the picture for people who cannot see it."),
    )
    picture_credit = models.CharField(
        _("credit"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text=_("Who made it, as its licence asks. Appears below the picture."),
    )
    picture_x = models.PositiveSmallIntegerField(
        _("focus, from the left"),
        default=50,
        db_default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("Where the most important part is, in percent of the width."),
    )
    picture_y = models.PositiveSmallIntegerField(
        _("focus, from the top"),
        default=50,
        db_default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In percent of the height."),
    )

    class Meta:
        abstract = True

    def save(self, **options):
        with transaction.atomic(savepoint=False):
            before = self._stored_names() if self.pk else set()
            super().save(**options)
            forget_later(before - self.names())

    def put(self, prepared):
        """Show this PreparedPicture from now on."""
        self.picture, self.picture_cuts = prepared.keep(), ""
        self.picture_width, self.picture_height = prepared.width, prepared.height

    def drop(self):
        """Show no picture from now on."""
        self.picture = self.picture_cuts = ""
        self.picture_width = self.picture_height = 0

    def names(self):
        """The names under which its files are stored."""
        return {getattr(self, field) for field in self.NAMES}

    def forget_files(self):
        """Have its files deleted, since nothing brings the picture back any more."""
        forget_later(self.names())

    @classmethod
    def shows(cls, name):
        """Whether any row shows the files of this name."""
        fields = (Q(**{field: name}) for field in cls.NAMES)
        return cls.objects.filter(reduce(or_, fields)).exists()

    def _stored_names(self):
        stored = type(self).objects.filter(pk=self.pk)
        return {*(stored.values_list(*self.NAMES).first() or ())}

    def have_pictures_made(self):
        """Ask a worker, in this transaction, for the files that are not made yet."""
        if self.to_make():
            tasks.make_pictures.defer(model=self._meta.model_name, pk=self.pk)

    def to_make(self):
        """The fields whose files are not made yet, with the names they will have."""
        cuts = ""
        if self.picture:
            cuts = picture_files.name_for(
                self.picture, self.picture_x, self.picture_y, self.KINDS
            )
        return {} if cuts == self.picture_cuts else {"picture_cuts": cuts}

    def share(self):
        """What its share image shows, if it has one."""
        return None

    def make_pictures(self):
        """Make the files that are not made yet. Safe to call twice."""
        due = self.to_make()
        if not due:
            return
        picture_files.make(
            cuts=due.get("picture_cuts", ""),
            share_image=due.get("share_image", ""),
            picture=self.picture,
            focus=(self.picture_x, self.picture_y),
            kinds=self.KINDS,
            share=self.share() if due.get("share_image") else None,
        )
        with transaction.atomic():
            rows = (
                type(self)
                .objects.select_for_update()
                .filter(
                    pk=self.pk,
                    picture=self.picture,
                    picture_x=self.picture_x,
                    picture_y=self.picture_y,
                )
            )
            before = rows.values_list(*due).first()
            rows.update(**due)
            # The row has changed or gone meanwhile (None), so what was made is of no
            # use.
            forget_later(due.values() if before is None else before)


def _forget_deleted(sender, instance, **_rest):
    if isinstance(instance, Pictured):
        forget_later(instance.names())


post_delete.connect(_forget_deleted)


def forget_later(names):
    """Have these files deleted in a day; until then a cached page may show them."""
    tomorrow = timezone.now() + timedelta(days=1)
    later = tasks.forget_picture.configure(schedule_at=tomorrow, priority=-10)
    for name in sorted({*names} - {""}):
        later.defer(name=name)
