from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from letters.writing.reported import ReportedLetter
from staff.read_only_admin import ReadOnlyAdmin


@admin.register(ReportedLetter)
class ReportedLetterAdmin(ReadOnlyAdmin):
    list_display = ["suggested_letter", "reported_at", "held_at"]
    list_filter = ["suggested_letter"]
    list_select_related = ["suggested_letter"]
    ordering = ["-pk"]
    actions = ["release"]

    @admin.action(description=_("Count what was held"), permissions=["view"])
    def release(self, request, letters):
        self.message_user(request, _("%d letters count now.") % letters.release())
