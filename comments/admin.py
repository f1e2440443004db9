from django.contrib import admin
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.models import Comment


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["name", "text", "campaign", "written_at", "hidden_at"]
    list_filter = ["campaign"]
    list_select_related = ["campaign"]
    search_fields = ["name", "text"]
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["hide", "show"]
    fields = readonly_fields = [
        "campaign",
        "parent",
        "name",
        "text",
        "written_at",
        "shown_at",
        "hidden_at",
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Hide"), permissions=["change"])
    def hide(self, request, comments):
        comments.filter(hidden_at=None).update(hidden_at=Now())

    @admin.action(description=_("Show"), permissions=["change"])
    def show(self, request, comments):
        comments.update(hidden_at=None)
