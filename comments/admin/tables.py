from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.local_time import (
    LOCAL_TIMES,
    LocalTimes,
    OnCampaignClocks,
    in_words,
)
from comments.models.moderation import Moderation
from comments.models.thread import Thread
from staff.read_only_admin import ReadOnlyAdmin


class Log(ReadOnlyAdmin):
    """An admin to read; nobody adds, changes or deletes these rows by hand."""

    also_shows = ("comments.comment",)
    ordering = ["-pk"]
    list_select_related = ["comment"]

    @admin.display(description=_("comment"))
    def at_the_desk(self, row):
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a>',
            reverse("admin:comments_desk", args=[row.comment_id]),
            str(row.comment) or "–",
        )


@admin.register(Moderation)
class ModerationAdmin(OnCampaignClocks, Log):
    filled_by = _("Nothing is here yet. Each decision on a comment appears here.")
    clocks = "comment__campaign__timezone"
    list_display = [
        "at",
        "decision",
        "by",
        "at_the_desk",
        "reason",
        "words",
        "undone_at",
    ]
    list_filter = ["decision", "reason", ("by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["comment", "by"]
    search_fields = ["words", "=by__username", "comment__name"]
    search_help_text = _(
        "Enter part of the text, the writer’s name or the moderator’s name."
    )
    fields = ["at", "decision", "by", "at_the_desk", "reason", "words", "undone_at"]
    readonly_fields = ["at_the_desk"]


class ThreadForm(LocalTimes, forms.ModelForm):
    TIMES = ("closes_at",)

    @property
    def zone(self):
        return self.instance.campaign.zone

    def typed_zone(self, typed):
        campaign = self.instance.campaign if self.instance.pk else typed.get("campaign")
        return campaign and campaign.zone


@admin.register(Thread)
class ThreadAdmin(admin.ModelAdmin):
    is_audited = False
    form = ThreadForm
    formfield_overrides = LOCAL_TIMES
    list_display = ["campaign", "is_open", "closes", "closed", "comment_count"]
    list_select_related = ["campaign"]
    search_fields = ["campaign__title"]
    autocomplete_fields = ["campaign"]
    fields = ["campaign", "closes_at", "closed", "comment_count"]
    readonly_fields = ["closed", "comment_count"]
    actions = ["close", "reopen"]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["campaign"] if obj else [])]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, thread, form, change):
        # Other columns stay out: counts may have changed since the form was opened.
        thread.save(update_fields=["closes_at"] if change else None)

    @admin.display(description=_("closes"), ordering="closes_at")
    def closes(self, thread):
        return thread.closes_at and in_words(thread.closes_at, thread.campaign.zone)

    @admin.display(description=_("closed by hand"), ordering="closed_at")
    def closed(self, thread):
        at = thread.closed_at
        return in_words(at, thread.campaign.zone) if at else "–"

    @admin.display(description=_("open"), boolean=True)
    def is_open(self, thread):
        return thread.is_open

    @admin.action(description=_("Close now"), permissions=["change"])
    def close(self, request, threads):
        for thread in threads:
            thread.close()
        number = len(threads)
        said = ngettext("%d thread is closed.", "%d threads are closed.", number)
        self.message_user(request, said % number)

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request, threads):
        for thread in threads:
            thread.reopen()
        number = len(threads)
        said = ngettext(
            "%d thread is open again.",
            "%d threads are open again.",
            number,
        )
        self.message_user(request, said % number)
