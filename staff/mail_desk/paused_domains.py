"""Mail domains that get nothing for the time being."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from outbox.models import PausedDomain
from staff.alerts.models import REFUSES, Alert


@admin.register(PausedDomain)
class PausedDomainAdmin(admin.ModelAdmin):
    """A row here makes all mails to its domain wait; delete the row to resume.

    It holds nothing about anybody, so looking at it is not written down.
    """

    is_audited = False
    list_display = ["domain", "only_bulk", "reason", "paused_at", "until"]
    actions = None  # mails are resumed for one domain, after a question
    change_list_template = "admin/mails/paused_domains.html"
    delete_confirmation_template = "admin/mails/resuming.html"
    fields = ["domain", "only_bulk", "reason"]

    def save_model(self, request, paused, form, change):
        """What staff have decided does not end by itself."""
        paused.until = None
        super().save_model(request, paused, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        own = {"title": _("Let the emails leave again?"), "subtitle": None}
        return super().delete_view(request, object_id, own | (extra_context or {}))

    def delete_model(self, request, paused):
        """Resume it; from this moment on we count anew how much it refuses."""
        super().delete_model(request, paused)
        told = Alert.objects.filter(kind=REFUSES, about__startswith=f"{paused} ")
        told.close(by=request.user)
