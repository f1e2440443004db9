"""The mailboxes that get no mail; a mailbox can only be found by its address."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from outbox.models import Suppression
from outbox.purposes import title_of
from outbox.suppressions import mailbox_hash
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter


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
    fields = readonly_fields = ["reason", "which_mails", "at", "ends"]

    def changelist_view(self, request, extra_context=None):
        title = {"title": _("Mailboxes that get no email")}
        return super().changelist_view(request, title | (extra_context or {}))

    def has_delete_permission(self, request, obj=None):
        """Whose owner has asked for emails again is deleted here."""
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
