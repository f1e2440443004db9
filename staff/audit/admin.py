from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from staff.audit.models import AuditEntry
from staff.read_only_admin import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The audit trail: to read, for superusers alone."""

    is_audited = False
    list_display = ["at", "username", "kind", "action", "model", "count"]
    list_display_links = ["at"]
    list_filter = ["kind", "username", "model"]
    date_hierarchy = None
    fields = readonly_fields = [
        "at",
        "username",
        "kind",
        "action",
        "model",
        "rows",
        "count",
        "page",
    ]

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural.capitalize()}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    @admin.display(description=_("rows"))
    def rows(self, entry):
        return ", ".join(entry.keys) or "–"
