from django.contrib import admin

from safeguards.blocks import Block


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin):
    list_display = ["value", "kind", "ends_at", "note", "added_at", "added_by"]
    list_filter = ["kind"]
    list_select_related = ["added_by"]
    search_fields = ["value", "note"]
    fields = ["kind", "value", "ends_at", "note"]

    def save_model(self, request, block, form, change):
        if not change:
            block.added_by = request.user
        super().save_model(request, block, form, change)
