"""The list of wrong words: who corrects one says that it is done."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.one_campaign import campaign_filter
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter
from translations.word_reports.models import WordReport


@admin.register(WordReport)
class WordReportAdmin(ReadOnlyAdmin):
    filled_by = _(
        "Nothing is here yet. Readers of a translated page have a link at its end to "
        "report a wrong word."
    )
    list_display = [
        *("reported_at", "language", "page", "words", "better"),
        *("campaign", "is_suspect", "settled_at", "settled_by"),
    ]
    list_filter = [
        state_filter("settled_at", before=_("Waiting"), after=_("Done")),
        "is_suspect",
        "language",
        campaign_filter("campaign"),
    ]
    list_select_related = ["campaign", "settled_by"]
    search_fields = ["words", "better", "location"]
    actions = ["settle"]
    change_form_template = "admin/translations/word_report.html"

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def get_fields(self, request, obj=None):
        return [
            *("words", "better", "language", "page", "campaign"),
            *("reported_at", "settled_at", "settled_by"),
        ]

    @admin.display(description=_("page"))
    def page(self, report):
        return format_html('<a href="{}">{}</a>', report.url, report.location)

    def response_change(self, request, obj):
        """The one button of a report says that it is dealt with."""
        self.settle(request, WordReport.objects.filter(pk=obj.pk))
        return redirect("admin:translations_wordreport_changelist")

    @admin.action(description=_("Done"), permissions=["change"])
    def settle(self, request, reports):
        number = reports.settle(by=request.user)
        said = ngettext("%d wrong word is done.", "%d wrong words are done.", number)
        self.message_user(request, said % number, messages.SUCCESS)
