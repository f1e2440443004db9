"""The mailboxes that get no mail; a mailbox can only be found by its address."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import DELETION, LogEntry
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outbox.models import Suppression
from outbox.purposes import title_of
from outbox.suppressions import mailbox_hash
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter


class LiftingForm(forms.Form):
    """The reason why a mailbox gets mails again, for whoever asks later."""

    reason = forms.CharField(
        label=_("Why may they get emails again?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """The list stores keyed hashes in the place of addresses, and shows neither."""

    filled_by = _(
        "Nothing is here yet. Addresses whose owners want no emails, "
        "or which do not work, appear here."
    )
    list_display = ["reason", "which_mails", "at", "ends"]
    list_filter = [
        "reason",
        state_filter("until", before=_("For good"), after=_("Until a day")),
    ]
    search_fields = ["reason"]
    search_help_text = _("Enter a full email address.")
    ordering = ["-pk"]
    actions = ["lift"]
    fields = readonly_fields = ["reason", "which_mails", "at", "ends"]

    def changelist_view(self, request, extra_context=None):
        title = {"title": _("Mailboxes that get no email")}
        return super().changelist_view(request, title | (extra_context or {}))

    def has_lift_permission(self, request):
        return request.user.has_perm("outbox.delete_suppression")

    def get_search_results(self, request, found, search_term):
        term = search_term.strip()
        if not term:
            return found, False
        return found.filter(mailbox_hash=mailbox_hash(term)), False

    @admin.display(description=_("kind of email"))
    def which_mails(self, entry):
        if entry.purpose:
            return title_of(entry.purpose)
        return _("all that they did not ask for")

    @admin.display(description=_("until"), ordering="until")
    def ends(self, entry):
        return entry.until or _("for good")

    @admin.action(description=_("Allow emails again …"), permissions=["lift"])
    def lift(self, request, entries):
        """Ask for the reason, and lift; the reason stands in the admin's log."""
        form = LiftingForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, entries, form)
        reason = form.cleaned_data["reason"]
        entries = list(entries)
        LogEntry.objects.log_actions(request.user.pk, entries, DELETION, reason)
        self.model.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
        request.audit.done(number=len(entries))
        said = ngettext(
            "%d mailbox gets emails again. Updates that it had stopped stay stopped.",
            "%d mailboxes get emails again. Updates that they had stopped stay "
            "stopped.",
            len(entries),
        )
        self.message_user(request, said % len(entries), messages.SUCCESS)
        return None

    def _ask(self, request, entries, form):
        is_all = request.POST.get("select_across") == "1"
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Allow emails again"),
            "form": form,
            "number": entries.count(),
            "select_across": "1" if is_all else "0",
            "chosen": chosen,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/mails/lifting.html", context)
