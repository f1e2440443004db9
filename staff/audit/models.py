from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from staff.accounts.models import User


class AuditEntryQuerySet(models.QuerySet):
    def note(self, by, kind, about, keys, count, *, page, action=""):
        """Write down that this user did something with rows of a model.

        `count` is None for all rows that a list had found.
        """
        return self.create(
            # Somebody who has just deleted their own account leaves only a name.
            by_id=Subquery(User.objects.filter(pk=by.pk).values("pk")),
            username=by.get_username(),
            kind=kind,
            action=action,
            model=about,
            keys=[str(key) for key in keys],
            count=count,
            # The page's query is left out, since it may hold an address. PostgreSQL
            # stores no NUL.
            page=page.replace("\x00", "\ufffd")[:200],
        )


class AuditEntry(models.Model):
    """Who of the staff did what with which personal data, and on which page.

    It holds the keys of rows, but nothing that they say. The table itself refuses to
    change a row. Rows are deleted after KEEP_AUDIT_DAYS.
    """

    class Kind(models.TextChoices):
        LISTED = "listed", _("looked at a list")
        READ = "read", _("looked at an entry")
        EXPORTED = "exported", _("exported")
        CHANGED = "changed", _("changed")
        ERASED = "erased", _("erased")
        ACTION = "action", _("pressed a button")
        REFUSED = "refused", _("tried, and was refused")

    at = models.DateTimeField(_("when"), db_default=Now())
    by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    username = models.CharField(_("user"), max_length=150)
    kind = models.CharField(_("what was done"), max_length=8, choices=Kind)
    action = models.CharField(_("button or page"), max_length=60, blank=True)
    model = models.CharField(_("kind of data"), max_length=60)
    keys = ArrayField(
        models.CharField(max_length=36), verbose_name=_("numbers of the entries")
    )
    count = models.PositiveIntegerField(
        _("how many"),
        null=True,
        help_text=_("If empty, all that the list had found."),
    )
    page = models.CharField(_("page"), max_length=200)

    objects = AuditEntryQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("username",),
        about_nobody=("action", "model", "page"),
        kept=(
            Kept(
                name="audit trail",
                words=_(
                    "entries of the audit trail of what staff did with personal data"
                ),
                period="KEEP_AUDIT_DAYS",
                since="at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        indexes = [models.Index("at", name="audit_entries_by_time")]

    def __str__(self):
        return f"{self.username}: {self.get_kind_display()}"
