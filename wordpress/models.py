"""An import from WordPress: the file, what becomes of each item, and what came."""

import re
import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign, Update
from database.kept import Kept
from database.personal_data import PersonalData
from petitions.private_files import Folder
from wordpress import tasks

# Why a file cannot be read: the words of NoExport.
FAULTS = {
    "other": _("This is not a WordPress export. Choose the XML file of Tools, Export."),
    "version": _("We read exports of the versions 1.0, 1.1 and 1.2, and no others."),
    "broken": _("The file is broken or not whole. Export it again."),
    "entities": _("The file declares entities, as no WordPress export does."),
    "deep": _("The file is nested too deeply for a WordPress export."),
    "item": _("One post is too large with its comments. Export it without them."),
    "zip": _("We cannot read the ZIP of the pictures. Pack the folder again."),
    "gone": _("The file is gone. Upload it again."),
    "crash": _("Something failed on our side. Nothing was left half done. Try again."),
}
# What is worth knowing of an item before and after it came. %s is a number or names.
NOTES = {
    "empty": _("It has no text."),
    "long": _("The text is too long. At most 50,000 characters fit."),
    "nowhere": _("Choose the campaign that it goes to."),
    "password": _("It has a password, so it becomes a draft."),
    "draft": _("It is not public there, so it becomes a draft."),
    "missing": _("Pictures that are not in the ZIP: %s."),
    "pictures": _("Pictures that an update has no place for: %s."),
    "unreadable": _("Pictures that we cannot read: %s."),
    "lost": _("These parts are left out: %s."),
    "cut": _("Comments that are cut at 10,000 characters: %s."),
    "refused": _("It does not fit: %s"),
    "failed": _("Something failed on our side. Nothing of it came. Try again."),
}


class Becomes(models.TextChoices):
    """What an item of WordPress becomes here."""

    CAMPAIGN = "campaign", _("a campaign (draft)")
    UPDATE = "update", _("an update")
    NOTHING = "nothing", _("nothing")


def new_name():
    return secrets.token_hex(16)


class WordPressImportQuerySet(models.QuerySet):
    def forget(self):
        """Delete them with their files; what came from them stays. Returns how many."""
        names = list(self.values_list("name", flat=True))
        FILES.forget_later(names)
        PICTURES.forget_later(names)
        return self.delete()[0]


class WordPressImport(models.Model):
    """A file of WordPress on its way into campaigns and updates.

    A worker reads it, and says what would come. Somebody chooses, and a worker brings
    it. Both may be repeated: nothing comes twice.
    """

    class Step(models.TextChoices):
        READING = "reading", _("we are reading it")
        PLANNED = "planned", _("waits for your choice")
        BRINGING = "bringing", pgettext_lazy("import", "in progress")
        DONE = "done", pgettext_lazy("import", "finished")
        FAILED = "failed", _("cannot be read")

    file_name = models.CharField(_("file"), max_length=120)
    name = models.CharField(max_length=32, default=new_name, editable=False)
    has_pictures = models.BooleanField(default=False, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    # The address by which the site is known, without “https://”.
    site = models.CharField(_("website"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    step = models.CharField(
        _("state"), max_length=8, choices=Step, default=Step.READING, editable=False
    )
    fault = models.CharField(max_length=10, blank=True, editable=False)
    # How many of each kind never come, by their kind.
    left_out = models.JSONField(default=dict, editable=False)
    # Where updates go: a campaign of ours, or one of the items.
    into = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    into_number = models.BigIntegerField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)

    objects = WordPressImportQuerySet.as_manager()
    # The file has addresses of people who commented. What we read of it has none.
    personal_data = PersonalData(
        about_nobody=(*("file_name", "name", "site", "title", "fault", "left_out"),),
        kept=(
            Kept(
                name="wordpress",
                words=_("files that were uploaded from WordPress, and what they held"),
                period="KEEP_BUNDLES_DAYS",
                since="asked_at",
                do="forget",
            ),
        ),
    )

    class Meta:
        db_table = "campaign_editor_wordpressimport"
        verbose_name = _("import from WordPress")
        verbose_name_plural = _("imports from WordPress")
        ordering = ["-pk"]

    def __str__(self):
        return self.title or self.file_name

    @property
    def fault_words(self):
        return FAULTS.get(self.fault, "")

    @property
    def is_working(self):
        return self.step in (self.Step.READING, self.Step.BRINGING)

    def read_later(self):
        tasks.read_wordpress.defer(pk=self.pk)

    def bring_later(self):
        """Have what was chosen brought. Safe to call twice."""
        mine = WordPressImport.objects.filter(
            pk=self.pk, step__in=(self.Step.PLANNED, self.Step.DONE)
        )
        if mine.update(step=self.Step.BRINGING, done=0, total=self.chosen().count()):
            tasks.bring_wordpress.defer(pk=self.pk)

    def chosen(self):
        """The items that are to come, and have not come."""
        return self.items.filter(came_at=None).exclude(becomes=Becomes.NOTHING)

    def note(self, **what):
        """Store this, at once, for whoever looks at its page meanwhile."""
        for name, value in what.items():
            setattr(self, name, value)
        WordPressImport.objects.filter(pk=self.pk).update(**what)


class WordPressItem(models.Model):
    """A post or page of an import: what becomes of it, and what came of that."""

    of = models.ForeignKey(
        WordPressImport, on_delete=models.CASCADE, related_name="items"
    )
    number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(null=True)
    comments = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    becomes = models.CharField(max_length=8, choices=Becomes)
    came_at = models.DateTimeField(null=True)
    # Whether it was here already, from a file before this one.
    came_before = models.BooleanField(default=False)
    comments_came = models.PositiveIntegerField(default=0)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    update = models.ForeignKey(
        Update, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    why = models.JSONField(default=list)

    # Texts of the group's own website.
    personal_data = PersonalData(
        about_nobody=("kind", "title", "link", "notes", "becomes", "why")
    )

    class Meta:
        db_table = "campaign_editor_wordpressitem"
        verbose_name = _("item of WordPress")
        verbose_name_plural = _("items of WordPress")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "number"], name="an_item_is_in_an_import_once"
            )
        ]

    def __str__(self):
        return self.title or self.link

    @property
    def sentences(self):
        """What is worth knowing of it, in words; why it did not come stands first."""
        return [_sentence(*note) for note in [*self.why, *self.notes]]

    @property
    def address(self):
        """Where staff find what it has become, or None."""
        return self.update or self.campaign

    @cached_property
    def can_become(self):
        """What can be chosen for it, as pairs; without text it is no update."""
        codes = {code for code, *_detail in self.notes}
        if "long" in codes:
            return [(Becomes.NOTHING.value, Becomes.NOTHING.label)]
        left_out = (Becomes.UPDATE,) if "empty" in codes else ()
        return [pair for pair in Becomes.choices if pair[0] not in left_out]


class CameFromWordPress(models.Model):
    """Remembers what came from which site, so that nothing comes twice.

    What was deleted here since is not brought again, unless its campaign was deleted
    for ever.
    """

    site = models.CharField(max_length=200)
    number = models.BigIntegerField()
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    update = models.ForeignKey(
        Update, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    personal_data = PersonalData(about_nobody=("site",))

    class Meta:
        db_table = "campaign_editor_camefromwordpress"
        verbose_name = _("origin in WordPress")
        verbose_name_plural = _("origins in WordPress")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "number"], name="a_page_of_wordpress_comes_once"
            )
        ]

    def __str__(self):
        return f"{self.site} {self.number}"


def _sentence(code, detail=""):
    words = str(NOTES.get(code, ""))
    return words % detail if "%s" in words else words


# The pictures of an import have its name, too, in a folder of their own.
_NAME = re.compile(r"[0-9a-f]{32}")
FILES = Folder("wordpress", _NAME, WordPressImport.objects.all, is_made_again=True)
PICTURES = Folder(
    "wordpress-pictures", _NAME, WordPressImport.objects.all, is_made_again=True
)
