"""What the admin of a text adds: versions, a warning for two editors, restoring."""

from itertools import pairwise

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import quote, unquote
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from versions import texts
from versions.comparing import differences
from versions.deletion import dependents_of
from versions.models import CannotBeDeleted, Deleted, PendingUpload, Version, kept_until
from versions.pending_uploads import KEPT


class VersionedAdmin(admin.ModelAdmin):
    """The admin of a model whose texts are kept (versions.texts.register).

    Each saved form is a version. A form says what it began from (`began`), so that an
    editor who would save over another's words is asked first. Deleting can be undone.
    """

    object_history_template = "admin/versions/history.html"

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return (
            found.filter(deleted_at=None)
            if texts.registered(self.model).hides
            else found
        )

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """Django's own action that deletes is left out, since it cannot be undone."""
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return actions

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        Version.objects.note(form.instance, by=request.user)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """When two people save the same unique value at once, tell the second one."""
        given = (request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                return self._form_page(*given)
        except IntegrityError:
            if request.method != "POST":
                raise
            # The other's text is stored by now, so the form finds it.
            return self._form_page(*given)

    def _form_page(self, request, object_id, form_url, extra_context):
        if object_id is None:
            return super().changeform_view(request, None, form_url, extra_context)
        if request.method == "POST":
            return self._save_over_nobody(request, object_id, form_url, extra_context)
        row = self.get_object(request, unquote(object_id))
        began = row and texts.digest(texts.content_of(row))
        context = {**(extra_context or {}), "began": began}
        return super().changeform_view(request, object_id, form_url, context)

    def _save_over_nobody(self, request, object_id, form_url, extra_context):
        """Save, unless somebody else has saved since this form was opened."""
        began = request.POST.get("began", "")
        context = {**(extra_context or {}), "began": began}
        save = super().changeform_view
        with transaction.atomic():
            row = self._locked(object_id)
            if not self.has_change_permission(request, row):
                return save(request, object_id, form_url, context)
            if gone := Deleted.objects.of(self.model, unquote(object_id)):
                return self._ask(request, row, deleted=gone)
            if row is None:
                return save(request, object_id, form_url, context)
            Version.objects.note(row)
            theirs = texts.content_of(row)
            if began in ("", texts.digest(theirs)):
                return save(request, object_id, form_url, context)
            with transaction.atomic():
                response = save(request, object_id, form_url, context)
                is_saved = isinstance(response, HttpResponseRedirect)
                mine = texts.content_of(row)
                if not is_saved or texts.said(mine) == texts.said(theirs):
                    return response
                transaction.set_rollback(True)
        request.audit.undone()
        for _said in get_messages(request):
            pass  # drops "was changed successfully", which is not true
        return self._ask(
            request,
            row,
            newest=Version.objects.of(row).first(),
            differences=differences(row._meta.label_lower, theirs, mine),
            began=texts.digest(theirs),
        )

    def _locked(self, object_id):
        manager = self.model._base_manager.select_for_update()
        try:
            return manager.filter(pk=unquote(object_id)).first()
        except (ValueError, ValidationError):
            return None

    def _ask(self, request, row, **context):
        """Tell the second editor what happened meanwhile; keep what they typed."""
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("began", "csrfmiddlewaretoken")
            for value in values
        ]
        for name, file in request.FILES.items():
            sent.append((name + KEPT, PendingUpload.objects.keep(file).key))
        title = gettext("Somebody else saved this page")
        context = {
            **self._context(request, row, title),
            "sent": sent,
            **context,
        }
        return TemplateResponse(
            request, "admin/versions/conflict.html", context, status=409
        )

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        versions = []
        if row is not None and self.has_change_permission(request, row):
            versions = list(Version.objects.of(row).defer("content"))
            for version, before in pairwise(versions):
                version.before = before.pk
        context = {"versions": versions, "title": _("Versions and history")}
        return super().history_view(
            request, object_id, {**context, **(extra_context or {})}
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("<int:pk>/versions/", wrap(self.compare), name=f"{name}_compare"),
            path(
                "<int:pk>/versions/<int:version>/restoration/",
                wrap(self.restore),
                name=f"{name}_restoration",
            ),
        ]
        return [*own, *super().get_urls()]

    def compare(self, request, pk):
        """Show how two versions differ.

        Without `to`, the second one is the text as it is now.
        """
        row = self._row(request, pk)
        versions = Version.objects.of(row)
        old = get_object_or_404(versions, pk=_number(request.GET.get("from")))
        new = None
        if number := request.GET.get("to"):
            new = get_object_or_404(versions, pk=_number(number))
            old, new = sorted([old, new], key=lambda version: version.pk)
        content = new.content if new else texts.content_of(row)
        context = {
            **self._context(request, row, gettext("Changes")),
            "old": old,
            "new": new,
            "differences": differences(old.model, old.content, content),
        }
        return TemplateResponse(request, "admin/versions/compare.html", context)

    def restore(self, request, pk, version):
        """Restore a version, after its reader has seen what changes."""
        row = self._row(request, pk)
        version = get_object_or_404(Version.objects.of(row), pk=version)
        faults = []
        if request.method == "POST":
            try:
                with transaction.atomic():
                    locked = self._locked(str(pk))
                    now = texts.digest(texts.content_of(locked))
                    if request.POST.get("began") != now:
                        raise ValidationError(
                            gettext(
                                "Somebody has changed it since. Check what would "
                                "change now."
                            )
                        )
                    self._refuse_what_is_not_seen(request, locked, version)
                    version.restore(locked, by=request.user)
                    when = date_format(
                        timezone.localtime(version.at), "DATETIME_FORMAT"
                    )
                    said = gettext("Restored the version of %s.") % when
                    self.log_change(request, locked, said)
            except ValidationError as error:
                faults = error.messages
            else:
                self.message_user(
                    request,
                    _("Restored. The public page changes within a minute."),
                    messages.SUCCESS,
                )
                return redirect(self._address("change", pk))
        now = texts.content_of(row)
        how = texts.registered(row)
        stays = [f.verbose_name for f in how.fields() if f.name in how.stays]
        context = {
            **self._context(request, row, gettext("Restore this version?")),
            "version": version,
            "differences": differences(version.model, now, _with_stays(version, now)),
            "stays": stays,
            "began": texts.digest(now),
            "faults": faults,
        }
        return TemplateResponse(
            request,
            "admin/versions/restoration.html",
            context,
            status=422 if faults else 200,
        )

    def _refuse_what_is_not_seen(self, request, row, version):
        """A version may name other rows, such as a list, which this person may not see.

        Raises ValidationError for those that the text does not name now, since its form
        would not offer them either.
        """
        fields = version.content["fields"]
        for field in texts.registered(row).fields():
            key = fields.get(field.name)
            if not field.is_relation or key in (None, field.value_from_object(row)):
                continue
            offered = self.formfield_for_foreignkey(field, request).queryset
            if not offered.filter(pk=key).exists():
                said = gettext(
                    "%s: this version names something that you cannot see, or that is "
                    "deleted. Ask somebody who works on all campaigns to restore it."
                )
                raise ValidationError(said % capfirst(field.verbose_name))

    def delete_view(self, request, object_id, extra_context=None):
        """Say what is deleted with the text, and ask; it can be restored later."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            try:
                with transaction.atomic():
                    entry = Deleted.objects.put(row, by=request.user)
                    self.log_deletions(request, [row])
            except CannotBeDeleted:
                pass  # the page says why it cannot
            else:
                undo = reverse("admin:versions_deleted_restoration", args=[entry.pk])
                said = _("“%(name)s” is deleted. You can restore it until %(day)s.")
                self.message_user(
                    request,
                    format_html(
                        '{} <a href="{}">{}</a>',
                        said % {"name": entry.name, "day": day_of(entry.until)},
                        undo,
                        _("Restore it"),
                    ),
                    messages.SUCCESS,
                )
                return redirect(self._address("changelist"))
        context = {
            **self._context(request, row, gettext("Delete?")),
            "dependents": dependents_of(row),
            "instead": texts.registered(row).instead,
            "until": kept_until(timezone.now()),
        }
        return TemplateResponse(
            request,
            "admin/versions/deletion.html",
            context,
            status=409 if request.method == "POST" else 200,
        )

    def _row(self, request, pk):
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def _address(self, page, *args):
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}",
            args=[quote(one) for one in args],
        )

    def _context(self, request, row, title):
        return {
            **self.admin_site.frame(request, self.opts),
            "title": title,
            "original": row,
            "list_url": self._address("changelist"),
            "change_url": row and self._address("change", row.pk),
            "history_url": row and self._address("history", row.pk),
        }


def _number(text):
    """A key from an address. A text that is no number finds nothing."""
    return int(text) if text and text.isascii() and text.isdigit() else -1


def day_of(moment):
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _with_stays(version, now):
    """What the text will say: the version, with the fields that stay as they are."""
    how = texts.registered(version.model)
    old = version.content
    fields = {**now["fields"], **old["fields"]}
    fields |= {name: now["fields"][name] for name in how.stays if name in now["fields"]}
    rows = {**now["rows"], **old["rows"]}
    return {"fields": fields, "rows": rows}
