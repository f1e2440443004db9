from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comments.models.saved_reply import SavedReply


@admin.register(SavedReply)
class SavedReplyAdmin(admin.ModelAdmin):
    is_audited = False
    filled_by = _(
        "Nothing is here yet. Save an answer that you give often. You can then "
        "choose it on the moderators’ desk."
    )
    list_display = ["title", "beginning"]
    search_fields = ["title", "text"]
    search_help_text = _("Enter part of the title or the text.")
    fields = ["title", "text"]

    @admin.display(description=_("text"))
    def beginning(self, reply):
        return Truncator(reply.text).chars(120)
