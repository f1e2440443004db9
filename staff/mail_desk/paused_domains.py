"""Mail domains that get nothing for the time being."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from outbox.models import PausedDomain
from staff.alerts.models import REFUSES, Alert


@admin.register(PausedDomain)
class PausedDomainAdmin(admin.ModelAdmin):
    """A row here makes all mails to its domain wait; delete the row to resume.

    It holds nothing about anybody, so looking at it is not written down.
    """

    is_audited = False
    list_display = ["domain", "state", "reason", "paused_at", "until"]
    actions = None  # mails are resumed for one domain, after a question
    change_list_template = "admin/mails/paused_domains.html"
    change_form_template = "admin/mails/paused_domain.html"
    delete_confirmation_template = "admin/mails/resuming.html"
    fields = ["domain", "only_bulk", "reason"]

    @admin.display(description=_("state"))
    def state(self, paused):
        if paused.only_bulk:
            return _("updates and digests wait")
        return _("all emails wait")

    def render_change_form(self, request, context, *args, **kwargs):
        paused = context.get("original")
        title = _("Pause a domain")
        if not paused:
            context["save_words"] = _("Pause it")
        else:
            title = _("Emails to %s are paused") % paused
        only_save = (
            "show_delete",
            "show_save_and_continue",
            "show_save_and_add_another",
        )
        context |= {"title": title, "subtitle": None, **dict.fromkeys(only_save, False)}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, paused, form, change):
        """What staff have decided does not end by itself."""
        paused.until = None
        super().save_model(request, paused, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        own = {"title": _("Let the emails leave again?"), "subtitle": None}
        return super().delete_view(request, object_id, own | (extra_context or {}))

    def response_add(self, request, paused, post_url_continue=None):
        said = _("Paused. Emails to %s wait from now on.") % paused
        return self._done(request, said)

    def response_change(self, request, paused):
        return self._done(request, _("Saved. Emails to %s still wait.") % paused)

    def delete_model(self, request, paused):
        """Resume it; from this moment on we count anew how much it refuses."""
        super().delete_model(request, paused)
        told = Alert.objects.filter(kind=REFUSES, about__startswith=f"{paused} ")
        told.close(by=request.user)

    def response_delete(self, request, obj_display, obj_id):
        return self._done(request, _("Emails to %s leave again.") % obj_display)

    def _done(self, request, said):
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:outbox_pauseddomain_changelist")
