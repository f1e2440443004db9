"""The admin of what was deleted: to restore it, or to delete it for ever."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from versions import texts
from versions.models import CannotBeDeleted, Deleted
from versions.versioned_admin import day_of


@admin.register(Deleted)
class DeletedAdmin(admin.ModelAdmin):
    """The list of what was deleted: to restore it, or to delete it for ever."""

    filled_by = _(
        "Nothing is here yet. What somebody deletes appears here. You can restore it."
    )
    list_display = ["name", "kind", "at", "username", "until", "ways"]
    search_fields = ["name"]
    list_filter = ["username"]
    show_full_result_count = False

    def get_queryset(self, request):
        """Only the texts that this member of staff could have deleted."""
        mine = [
            label
            for label in texts.labels()
            if _may_delete(request.user, texts.registered(label).model)
        ]
        return super().get_queryset(request).filter(model__in=mine).defer("rows")

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural.capitalize()}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An entry's page is the one on which it is restored."""
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

    @admin.display(description=_("deleted for good on"), ordering="at")
    def until(self, entry):
        return day_of(entry.until)

    @admin.display(description=_("what to do"))
    def ways(self, entry):
        words = gettext("Restore or delete for good")
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
        """Show what will be restored, and restore it when the button is pressed."""
        entry = self._entry(request, pk)
        faults = []
        if request.method == "POST":
            try:
                with transaction.atomic():
                    row = entry.restore()
                    self.log_change(request, row, gettext("Restored after deleting."))
            except ValidationError as error:
                faults = error.messages
            else:
                said = _("“%s” is restored.") % entry.name
                self.message_user(request, said, messages.SUCCESS)
                meta = row._meta
                return redirect(
                    f"admin:{meta.app_label}_{meta.model_name}_change", row.pk
                )
        return self._page(request, "return", entry, faults, gettext("Restore it?"))

    def end(self, request, pk):
        """Let superusers delete it for ever, after they have typed the words."""
        if not request.user.is_superuser:
            raise PermissionDenied
        entry = self._entry(request, pk)
        word, faults = gettext("for good"), []
        if request.method == "POST":
            typed = " ".join(request.POST.get("typed", "").split()).casefold()
            try:
                if typed != word.casefold():
                    faults = [gettext("Type “%s” into the box.") % word]
                else:
                    entry.forget()
                    request.audit.erased()
            except CannotBeDeleted as cannot:
                faults = cannot.dependents.stays
            if not faults:
                said = _("“%s” is deleted for good.") % entry.name
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:versions_deleted_changelist")
        title = gettext("Delete it for good?")
        return self._page(request, "end", entry, faults, title, word=word)

    def _entry(self, request, pk):
        entry = get_object_or_404(Deleted, pk=pk)
        if not _may_delete(request.user, entry.text_model):
            raise PermissionDenied
        return entry

    def _page(self, request, name, entry, faults, title, **more):
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": title,
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
