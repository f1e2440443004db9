"""What the admin of a text adds: versions, a warning for two editors, a way back."""

from itertools import pairwise

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import quote, unquote
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from versions import texts
from versions.company import company_of
from versions.comparing import differences
from versions.models import CannotBeDeleted, Deleted, KeptFile, Version, kept_until


class KeptAdmin(admin.ModelAdmin):
    """The admin of a model whose texts are kept (versions.texts.keep).

    Each saved form is a version. A form says what it began from (`began`), so that
    whoever saves over somebody else's words is asked first. Deleting can be undone.
    """

    object_history_template = "admin/versions/history.html"

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.filter(deleted_at=None) if texts.kept(self.model).hides else found

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """Without Django's own way to delete, from which nothing comes back."""
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return actions

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        Version.objects.note(form.instance, by=request.user)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Of two who save what may stand only once, the second reads so in the form."""
        given = (request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                return self._form_page(*given)
        except IntegrityError:
            if request.method != "POST":
                raise
            # What came between is stored by now, and the form finds it.
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
        """Save, unless somebody else has since this form was opened."""
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
        for _said in get_messages(request):
            pass  # "was changed successfully", which it was not
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
        """Tell who came second what happened meanwhile, and keep all that was typed."""
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("began", "csrfmiddlewaretoken")
            for value in values
        ]
        for name, file in request.FILES.items():
            sent.append((f"{name}-kept", KeptFile.objects.keep(file).key))
        title = gettext("Somebody else was here meanwhile")
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
        """What one version says and another says otherwise; without `to`, the text
        as it is now."""
        row = self._row(request, pk)
        versions = Version.objects.of(row)
        old = get_object_or_404(versions, pk=_number(request.GET.get("from")))
        new = None
        if number := request.GET.get("to"):
            new = get_object_or_404(versions, pk=_number(number))
            old, new = sorted([old, new], key=lambda version: version.pk)
        content = new.content if new else texts.content_of(row)
        context = {
            **self._context(request, row, gettext("What changed")),
            "old": old,
            "new": new,
            "differences": differences(old.model, old.content, content),
        }
        return TemplateResponse(request, "admin/versions/compare.html", context)

    def restore(self, request, pk, version):
        """Make the text say again what a version says, after a look at what changes."""
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
                                "Somebody has changed it meanwhile. Look at what "
                                "would change now."
                            )
                        )
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
                    _("Restored. The page changes within a minute."),
                    messages.SUCCESS,
                )
                return redirect(self._address("change", pk))
        now = texts.content_of(row)
        how = texts.kept(row)
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

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, in words, with what goes along; a button deletes, and another undoes."""
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
                pass  # the page says why
            else:
                undo = reverse("admin:versions_deleted_restoration", args=[entry.pk])
                said = _("“%(name)s” was deleted. You can get it back until %(day)s.")
                self.message_user(
                    request,
                    format_html(
                        '{} <a href="{}">{}</a>',
                        said % {"name": entry.name, "day": _day(entry.until)},
                        undo,
                        _("Put it back"),
                    ),
                    messages.SUCCESS,
                )
                return redirect(self._address("changelist"))
        context = {
            **self._context(request, row, gettext("Delete?")),
            "company": company_of(row),
            "instead": texts.kept(row).instead,
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
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": row,
            "is_nav_sidebar_enabled": False,
            "list_url": self._address("changelist"),
            "change_url": row and self._address("change", row.pk),
            "history_url": row and self._address("history", row.pk),
        }


def _number(text):
    """A key in an address; one that is none finds nothing."""
    return int(text) if text and text.isascii() and text.isdigit() else -1


def _day(moment):
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _with_stays(version, now):
    """What a restored version will say: what stays is as now."""
    how = texts.kept(version.model)
    old = version.content
    fields = {**now["fields"], **old["fields"]}
    fields |= {name: now["fields"][name] for name in how.stays if name in now["fields"]}
    rows = {**now["rows"], **old["rows"]}
    return {"fields": fields, "rows": rows}


@admin.register(Deleted)
class DeletedAdmin(admin.ModelAdmin):
    """What was deleted: to put back, or to delete for ever."""

    list_display = ["name", "kind", "at", "username", "until", "ways"]
    search_fields = ["name"]
    list_filter = ["username"]
    show_full_result_count = False

    def get_queryset(self, request):
        """What this member of staff could have deleted."""
        mine = [
            label
            for label in texts.labels()
            if _may_delete(request.user, texts.kept(label).model)
        ]
        return super().get_queryset(request).filter(model__in=mine).defer("rows")

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural.capitalize()}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Its page is the one on which it is put back."""
        if not object_id.isdecimal():
            raise Http404
        return redirect("admin:versions_deleted_restoration", object_id)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("kind"), ordering="model")
    def kind(self, entry):
        return entry.kind

    @admin.display(description=_("gone for ever on"), ordering="at")
    def until(self, entry):
        return _day(entry.until)

    @admin.display(description=_("what to do"))
    def ways(self, entry):
        words = gettext("Put back or delete for ever")
        return format_html(
            '<a href="{}" aria-label="{}: {}">{}</a>',
            reverse("admin:versions_deleted_restoration", args=[entry.pk]),
            words,
            entry.name,
            words,
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/restoration/",
                wrap(self.restore),
                name="versions_deleted_restoration",
            ),
            path("<int:pk>/end/", wrap(self.end), name="versions_deleted_end"),
        ]
        return [*own, *super().get_urls()]

    def restore(self, request, pk):
        """Put it back by a button."""
        entry = self._entry(request, pk)
        faults = []
        if request.method == "POST":
            try:
                with transaction.atomic():
                    row = entry.restore()
                    self.log_change(request, row, gettext("Put back after deleting."))
            except ValidationError as error:
                faults = error.messages
            else:
                said = _("“%s” is back.") % entry.name
                self.message_user(request, said, messages.SUCCESS)
                meta = row._meta
                return redirect(
                    f"admin:{meta.app_label}_{meta.model_name}_change", row.pk
                )
        return self._page(request, "return", entry, faults, gettext("Put it back?"))

    def end(self, request, pk):
        """Delete it for ever: superusers, who type a word."""
        if not request.user.is_superuser:
            raise PermissionDenied
        entry = self._entry(request, pk)
        word, faults = gettext("for ever"), []
        if request.method == "POST":
            typed = " ".join(request.POST.get("typed", "").split()).casefold()
            try:
                if typed != word.casefold():
                    faults = [gettext("Type the words “%s” into the box.") % word]
                else:
                    entry.forget()
            except CannotBeDeleted as cannot:
                faults = cannot.company.stays
            if not faults:
                said = _("“%s” is deleted for ever.") % entry.name
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:versions_deleted_changelist")
        title = gettext("Delete it for ever?")
        return self._page(request, "end", entry, faults, title, word=word)

    def _entry(self, request, pk):
        entry = get_object_or_404(Deleted, pk=pk)
        if not _may_delete(request.user, entry.text_model):
            raise PermissionDenied
        return entry

    def _page(self, request, name, entry, faults, title, **more):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            "entry": entry,
            "faults": faults,
            **more,
        }
        return TemplateResponse(
            request,
            f"admin/versions/{name}.html",
            context,
            status=422 if faults else 200,
        )


def _may_delete(user, model):
    meta = model._meta
    return user.has_perm(f"{meta.app_label}.delete_{meta.model_name}")
