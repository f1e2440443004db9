import secrets
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.moments import day_and_hour
from database.personal_data import PersonalData
from safeguards.protected_names import Protected, protect
from versions import texts
from versions.deletion import delete_for_ever, dependents_of, rows_with

# A draft may have to wait over a weekend until somebody goes on with it.
KEEP_FILES_DAYS = 7


class VersionQuerySet(models.QuerySet):
    def of(self, row):
        """The versions of a text, the newest first."""
        return self.filter(model=row._meta.label_lower, key=row.pk)

    def note(self, row, *, by=None, restored=None):
        """Keep what the text says now, unless the newest version says the same.

        `by` has saved the text; without it, the text was found in this state.
        `restored` is the version that it was made from. Returns the new version, or
        None. Of each text, the newest KEEP_VERSIONS are kept.
        """
        newest = self.of(row).first()
        return self._keep(row, texts.content_of(row), newest, by, restored)

    def note_as_read(self, rows, *, by):
        """Do so for several texts, each of which says what is stored of it now."""
        newest = self.newest_of(rows)
        for row in rows:
            before = newest.get((row._meta.label_lower, row.pk))
            self._keep(row, texts.content_as_read(row), before, by)

    def newest_of(self, rows):
        """The newest version of each of these texts, by its model and key."""
        found = self.none()
        for row in rows:
            found |= self.filter(model=row._meta.label_lower, key=row.pk)
        newest = found.order_by("model", "key", "-pk").distinct("model", "key")
        return {(version.model, version.key): version for version in newest}

    def _keep(self, row, content, newest, by, restored=None):
        if newest is not None and texts.said(newest.content) == texts.said(content):
            return None
        version = self.create(
            model=row._meta.label_lower,
            key=row.pk,
            by=by,
            username=by.get_username() if by else "",
            content=content,
            changed=texts.changed(newest.content, content) if newest else [],
            restored_at=restored and restored.at,
        )
        own = self.of(row).values_list("pk", flat=True)
        old = own[max(1, settings.KEEP_VERSIONS) :]
        self.filter(pk__in=list(old)).delete()
        return version

    def outdated(self):
        """Versions older than KEEP_VERSIONS_DAYS, except the newest of their text."""
        limit = timezone.now() - timedelta(days=settings.KEEP_VERSIONS_DAYS)
        newer = Version.objects.filter(
            model=OuterRef("model"), key=OuterRef("key"), pk__gt=OuterRef("pk")
        )
        return self.filter(Exists(newer), at__lt=limit)


class Version(models.Model):
    """What a text said when it was saved, by whom and when.

    Holds no supporter's data.
    """

    model = models.CharField(_("model"), max_length=60)
    key = models.BigIntegerField(_("row"))
    at = models.DateTimeField(_("when"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    username = models.CharField(_("who"), max_length=150, blank=True)
    content = models.JSONField(_("content"))
    changed = ArrayField(models.CharField(max_length=60), verbose_name=_("changed"))
    # When the version was saved that this one restored; that version may be gone.
    restored_at = models.DateTimeField(_("restored from"), null=True)

    objects = VersionQuerySet.as_manager()
    personal_data = PersonalData(
        about_nobody=("model", "username", "content"),
        kept=(
            # The newest version of a text stays.
            Kept(
                name="versions",
                words=_("former versions of campaigners’ texts"),
                period="KEEP_VERSIONS_DAYS",
                due="outdated",
            ),
        ),
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                "model", "key", models.F("id").desc(), name="versions_of_a_text"
            )
        ]

    def __str__(self):
        return f"{self.model} {self.key}, {day_and_hour(self.at)}"

    @property
    def who(self):
        return self.username or gettext("changed outside the admin")

    @property
    def changed_labels(self):
        """The labels of the fields that changed."""
        how = texts.registered(self.model)
        fields = [*how.model._meta.get_fields(), *how.fields()]
        names = {field.name: field for field in fields}
        found = [names[name] for name in self.changed if name in names]
        return [
            capfirst(
                field.related_model._meta.verbose_name_plural
                if field.auto_created
                else field.verbose_name
            )
            for field in found
        ]

    def restore(self, row, *, by):
        """Make the text say this again, as a new version. May raise ValidationError."""
        with transaction.atomic():
            Version.objects.note(row)
            texts.put_back(row, self.content)
            if have_pictures_made := getattr(row, "have_pictures_made", None):
                have_pictures_made()  # the share image shows the title
            return Version.objects.note(row, by=by, restored=self)


def kept_until(moment):
    """Until when something that was deleted at this moment can come back."""
    return moment + timedelta(days=settings.KEEP_DELETED_DAYS)


class CannotBeDeleted(Exception):
    """What others did hangs on the text; `dependents.stays` says what."""

    def __init__(self, dependents):
        super().__init__(*dependents.stays)
        self.dependents = dependents


def make_key():
    return secrets.token_urlsafe(32)


class PendingUploadQuerySet(models.QuerySet):
    def keep(self, sent):
        sent.seek(0)
        return self.create(name=Path(sent.name).name[-100:], content=sent.read())


class PendingUpload(models.Model):
    """A file of a form that was not saved. Who has its key may send it again."""

    key = models.CharField(max_length=43, unique=True, default=make_key)
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    kept_at = models.DateTimeField(db_default=Now())

    objects = PendingUploadQuerySet.as_manager()
    personal_data = PersonalData(
        about_nobody=("key", "name"),
        kept=(
            Kept(
                name="kept files",
                words=_("files of staff’s forms that were not saved"),
                period=KEEP_FILES_DAYS,
                since="kept_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("file of a form that was not saved")
        verbose_name_plural = _("files of forms that were not saved")

    def __str__(self):
        return self.name

    def as_sent(self):
        return SimpleUploadedFile(self.name, bytes(self.content))


class DeletedQuerySet(models.QuerySet):
    def put(self, row, *, by):
        """Delete a text and what goes with it; it can come back for a while.

        Raises CannotBeDeleted.
        """
        how = texts.registered(row)
        with transaction.atomic():
            how.model._base_manager.select_for_update().get(pk=row.pk)
            dependents = dependents_of(row)
            if dependents.stays:
                raise CannotBeDeleted(dependents)
            Version.objects.note(row)
            rows = None
            if how.hides:
                how.model._base_manager.filter(pk=row.pk).update(deleted_at=Now())
            else:
                found = serializers.serialize("python", rows_with(row))
                rows = [_as_json(one) for one in found]
            entry = self.create(
                model=how.label,
                key=row.pk,
                name=str(row)[:300],
                rows=rows,
                by=by,
                username=by.get_username(),
            )
            if not how.hides:
                row.delete()
                row.pk = entry.key
        return entry

    def of(self, model, key):
        """The entry of a text that is deleted now, or None."""
        if not str(key).isdecimal():
            return None
        return self.filter(model=model._meta.label_lower, key=key).first()

    def that_contain(self, field, value):
        """Whether a row that can come back has this value in this field."""
        return self.filter(rows__contains=[{"fields": {field: value}}]).exists()

    def outdated(self):
        limit = timezone.now() - timedelta(days=settings.KEEP_DELETED_DAYS)
        return self.filter(at__lt=limit)

    def forget(self):
        """Delete these for ever; returns their number.

        A hidden text on which somebody has acted nevertheless stays, until a person
        looks.
        """
        number = 0
        for entry in self:
            with suppress(CannotBeDeleted):
                entry.forget()
                number += 1
        return number


class Deleted(models.Model):
    """A text that was deleted. For KEEP_DELETED_DAYS a button brings it back.

    `rows` hold the text, where nothing that others did hangs on it. Where something
    does, the row stays in its table, and its page says that it is gone.
    """

    model = models.CharField(_("model"), max_length=60)
    key = models.BigIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=300)
    rows = models.JSONField(null=True)
    at = models.DateTimeField(_("deleted"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    username = models.CharField(_("who"), max_length=150)

    objects = DeletedQuerySet.as_manager()
    personal_data = PersonalData(
        about_nobody=("model", "name", "rows", "username"),
        kept=(
            # A hidden text on which somebody has acted nevertheless stays.
            Kept(
                name="deleted texts",
                words=_("pages and texts that campaigners deleted"),
                period="KEEP_DELETED_DAYS",
                due="outdated",
                do="forget",
            ),
        ),
    )

    class Meta:
        verbose_name = _("deleted page or text")
        verbose_name_plural = _("deleted pages and texts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("model", "key", name="deleted_once_at_a_time")
        ]

    def __str__(self):
        return self.name

    @property
    def text_model(self):
        return texts.registered(self.model).model

    @property
    def kind(self):
        return capfirst(self.text_model._meta.verbose_name)

    @property
    def until(self):
        return kept_until(self.at)

    def restore(self):
        """Restore the text as it was, with what went with it; returns it.

        Raises ValidationError, in words, when its place is taken.
        """
        with transaction.atomic():
            if self.rows is None:
                hidden = self.text_model._base_manager.filter(pk=self.key)
                hidden.update(deleted_at=None)
            else:
                self._bring_back()
            self.delete()
            return self.text_model._base_manager.get(pk=self.key)

    def forget(self):
        """Delete it for ever, with its versions. This cannot be undone.

        Raises CannotBeDeleted when somebody has acted on a hidden text meanwhile.
        """
        with transaction.atomic():
            if self.rows is None:
                row = self.text_model._base_manager.get(pk=self.key)
                dependents = dependents_of(row)
                if dependents.stays:
                    raise CannotBeDeleted(dependents)
                delete_for_ever(row)
            else:
                for model, rows in self._stored_by_model():
                    for found in rows:
                        if forget_files := getattr(found, "forget_files", None):
                            forget_files()
                    keys = [found.pk for found in rows]
                    of_them = Version.objects.filter(model=model._meta.label_lower)
                    of_them.filter(key__in=keys).delete()
            Version.objects.filter(model=self.model, key=self.key).delete()
            self.delete()

    def _stored_by_model(self):
        """The rows that it holds, with their models, in the order to make them in."""
        stored = serializers.deserialize("python", self.rows, ignorenonexistent=True)
        rows = (found.object for found in stored)
        return [(model, list(of_one)) for model, of_one in groupby(rows, key=type)]

    def _bring_back(self):
        found = self._stored_by_model()
        for model, rows in found:
            _forget_who_is_gone(model, rows)
            if model._meta.label_lower == self.model:
                for row in rows:
                    row.full_clean()
        try:
            with transaction.atomic():
                for _model, [first, *others] in found:
                    if others:
                        type(first)._base_manager.bulk_create([first, *others], 500)
                    else:
                        first.save_base(raw=True, force_insert=True)
                connection.check_constraints()
                for model, rows in found:
                    if issubclass(model, Protected):
                        again = model._base_manager.fetch_mode(models.FETCH_PEERS)
                        protect(again.filter(pk__in=[row.pk for row in rows]))
        except IntegrityError as error:
            raise ValidationError(
                gettext(
                    "We cannot restore it: what it belonged to is gone, or "
                    "something else has taken its place."
                )
            ) from error


def _forget_who_is_gone(model, rows):
    """Empty keys to rows that are gone, as the database would have done meanwhile."""
    for field in model._meta.concrete_fields:
        if not field.is_relation or not field.null:
            continue
        keys = {getattr(row, field.attname) for row in rows} - {None}
        known = field.related_model._base_manager.filter(pk__in=keys)
        gone = keys and keys - set(known.values_list("pk", flat=True))
        for row in rows:
            if getattr(row, field.attname) in gone:
                setattr(row, field.attname, None)


def _as_json(found):
    """A serialised row as plain JSON; moments keep their full precision."""
    fields = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in found["fields"].items()
    }
    return {**found, "fields": fields}
