from datetime import timedelta
from functools import reduce
from operator import or_

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from campaigns.pictures import picture_files, tasks


class WithFiles(models.Model):
    """A row for which a worker makes files: cuts of a picture, or a share image.

    `save` has the files that it does not name any more deleted a day later.
    `have_pictures_made` asks a worker for what is not made yet.
    """

    # How the picture is cut; see campaigns/pictures/cutting.py.
    KINDS: tuple[str, ...] = ()
    # The fields that name files.
    NAMES: tuple[str, ...] = ()
    # The key of the row whose picture it shows; empty if that is its own.
    PICTURE_OF = ""

    class Meta:
        abstract = True

    def save(self, **options):
        with transaction.atomic(savepoint=False):
            before = self._stored_names() if self.pk else set()
            super().save(**options)
            forget_later(before - self.names())

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

    @classmethod
    def all_with_pictures(cls):
        """All rows, each with the row whose picture it shows, in one statement."""
        rows = cls._default_manager.all()
        return rows.select_related(cls.PICTURE_OF) if cls.PICTURE_OF else rows

    @property
    def pictured(self):
        """The row whose picture it shows."""
        return getattr(self, self.PICTURE_OF) if self.PICTURE_OF else self

    def _stored_names(self):
        stored = type(self).objects.filter(pk=self.pk)
        return {*(stored.values_list(*self.NAMES).first() or ())}

    def have_pictures_made(self):
        """Ask a worker, in this transaction, for the files that are not made yet."""
        tasks.have_made(self)

    def to_make(self):
        """The fields whose files are not made yet, with the names they will have."""
        return {}

    def share(self):
        """What its share image shows, if it has one."""
        return None

    def make_pictures(self):
        """Make the files that are not made yet. Safe to call twice."""
        due = self.to_make()
        if not due:
            return
        shown = self.pictured
        picture_files.make(
            cuts=due.get("picture_cuts", ""),
            share_image=due.get("share_image", ""),
            picture=shown.picture,
            focus=(shown.picture_x, shown.picture_y),
            kinds=self.KINDS,
            share=self.share() if due.get("share_image") else None,
        )
        way = f"{self.PICTURE_OF}__" if self.PICTURE_OF else ""
        same = ("picture", "picture_x", "picture_y")
        with transaction.atomic():
            mine = type(self).objects.filter(pk=self.pk)
            rows = mine.select_for_update().filter(
                **{f"{way}{name}": getattr(shown, name) for name in same}
            )
            before = rows.values_list(*due).first()
            if before is not None:
                mine.update(**due)
            # The row has changed or gone meanwhile (None), so what was made is of no
            # use.
            forget_later(due.values() if before is None else before)


class Pictured(WithFiles):
    """A row with a picture: its file, its description, and its focus.

    `put` and `drop` change the picture, and `save` stores the change. Until all sizes
    are made, pages show the picture as it was taken in.
    """

    KINDS = ("whole",)
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
        help_text=_(
            "Who made the picture, in the words that its licence asks for. Appears "
            "below the picture."
        ),
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

    def put(self, prepared):
        """Show this PreparedPicture from now on."""
        self.picture, self.picture_cuts = prepared.keep(), ""
        self.picture_width, self.picture_height = prepared.width, prepared.height

    def drop(self):
        """Show no picture from now on."""
        self.picture = self.picture_cuts = ""
        self.picture_width = self.picture_height = 0

    def to_make(self):
        due, cuts = super().to_make(), ""
        if self.picture:
            cuts = picture_files.name_for(
                self.picture, self.picture_x, self.picture_y, self.KINDS
            )
        return due if cuts == self.picture_cuts else {**due, "picture_cuts": cuts}


class WithShareImage(WithFiles):
    """A row with the image that other websites show of it: its title and a picture.

    It has a title, a second line of it, and the language of both.
    """

    NAMES = ("share_image",)

    share_image = models.CharField(
        max_length=32, blank=True, editable=False, default="", db_default=""
    )

    class Meta:
        abstract = True

    def share(self):
        return {
            "title": self.title,
            "ask": self.title_ask,
            "from_right": get_language_info(self.language)["bidi"],
            "site": the_site().name,
            "colours": picture_files.share_colours(),
        }

    def to_make(self):
        due, of = super().to_make(), self.pictured
        shown = [of.picture, of.picture_x, of.picture_y] if of.picture else []
        drawn = picture_files.name_for(self.share(), shown)
        return due if drawn == self.share_image else {**due, "share_image": drawn}


def _forget_deleted(sender, instance, **_rest):
    if isinstance(instance, WithFiles):
        forget_later(instance.names())


post_delete.connect(_forget_deleted)


def forget_later(names):
    """Have these files deleted in a day; until then a cached page may show them."""
    tomorrow = timezone.now() + timedelta(days=1)
    later = tasks.forget_picture.configure(schedule_at=tomorrow, priority=-10)
    for name in sorted({*names} - {""}):
        later.defer(name=name)
