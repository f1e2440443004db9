from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

from campaigns.editor import editor_csp
from campaigns.models import Campaign, Reading


class ReadingInline(admin.TabularInline):
    model = Reading
    extra = 0


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = ["title", "status", "opens_at", "closes_at", "page"]
    list_filter = ["language"]
    search_fields = ["title", "title_ask", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["closed_at", "created_at", "updated_at"]
    inlines = [ReadingInline]
    actions = ["close"]
    fieldsets = [
        (None, {"fields": ["title", "title_ask", "slug", "language", "summary"]}),
        (_("In short"), {"fields": ["happening", "wrong", "asked"]}),
        (_("The page"), {"fields": ["story", "reading_title", "call_for_action"]}),
        (
            _("Event"),
            {"fields": ["event_name", "event_starts", "event_ends", "timezone"]},
        ),
        (
            _("Life"),
            {
                "fields": [
                    "published_at",
                    "opens_at",
                    "closes_at",
                    "closed_at",
                    "outcome",
                    "created_at",
                    "updated_at",
                ]
            },
        ),
    ]

    def changeform_view(self, request, *args, **kwargs):
        view = csp_override(editor_csp())(super().changeform_view)
        return view(request, *args, **kwargs)

    @admin.display(description=_("status"))
    def status(self, campaign):
        if campaign.has_ended:
            return _("ended")
        if campaign.is_open:
            return _("open")
        return _("opens later") if campaign.published_at else _("draft")

    @admin.display(description=_("page"))
    def page(self, campaign):
        if not campaign.is_published:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', campaign.get_absolute_url(), _("see the page")
        )

    @admin.action(description=_("Close now"), permissions=["change"])
    def close(self, request, campaigns):
        for campaign in campaigns:
            campaign.close()
        self.message_user(request, _("Closed. The pages change within a minute."))
