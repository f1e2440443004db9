from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.local_time import OnCampaignClocks
from letters.writing.reported import ReportedLetter
from staff.read_only_admin import ReadOnlyAdmin


@admin.register(ReportedLetter)
class ReportedLetterAdmin(OnCampaignClocks, ReadOnlyAdmin):
    filled_by = _(
        "Nothing is here yet. Letters that people send from their own "
        "mail app appear here."
    )
    clocks = "suggested_letter__campaign__timezone"
    list_display = ["suggested_letter", "reported_at", "held_at"]
    list_filter = ["suggested_letter"]
    list_select_related = ["suggested_letter"]
    ordering = ["-pk"]
    actions = ["count_held"]

    def has_decide_permission(self, request):
        """Whether they may decide what counts; nobody may edit a row."""
        return request.user.has_perm("letters.change_reportedletter")

    @admin.action(description=_("Count held letters"), permissions=["decide"])
    def count_held(self, request, letters):
        number = letters.count_held()
        said = ngettext("%d letter counts now.", "%d letters count now.", number)
        self.message_user(request, said % number)
