from datetime import timedelta

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from safeguards.blocks import Block
from safeguards.limits import LIMITS, OwnLimit


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin):
    list_display = ["entry", "effect", "ends_at", "note", "added_at", "added_by"]
    list_display_links = ["entry"]
    list_filter = ["kind"]
    list_select_related = ["added_by"]
    search_fields = ["value", "note"]
    fields = ["kind", "value", "ends_at", "note"]
    when_empty = {
        "kind": _("Choose what to do."),
        "value": _("Enter what to block or allow."),
    }

    @admin.display(description=_("entry"), ordering="value")
    def entry(self, block):
        return block.words

    @admin.display(description=_("what happens"), ordering="kind")
    def effect(self, block):
        return block.effect

    def get_changeform_initial_data(self, request):
        """What a link fills in; it may say after how many days the entry ends."""
        initial = super().get_changeform_initial_data(request)
        days = initial.pop("days", "")
        if days in ("7", "30", "365"):
            initial["ends_at"] = timezone.now() + timedelta(days=int(days))
        return initial

    def save_model(self, request, block, form, change):
        if not change:
            block.added_by = request.user
        super().save_model(request, block, form, change)


@admin.register(OwnLimit)
class OwnLimitAdmin(admin.ModelAdmin):
    """All limits of the site: staff set a number of their own, or remove it again."""

    list_display = ["words", "in_force", "then", "usual_number", "changed_by"]
    list_select_related = ["changed_by"]
    fields = ["words", "then", "own_number", "usual_number", "least", "most"]
    readonly_fields = ["words", "then", "usual_number", "least", "most"]

    def get_queryset(self, request):
        """Without limits of another version, while the site changes to that one."""
        return super().get_queryset(request).filter(setting__in=LIMITS)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("what we count"))
    def words(self, limit):
        return limit.words

    @admin.display(description=_("number now"))
    def in_force(self, limit):
        own = limit.own_number
        return intcomma(limit.usual_number if own is None else own)

    @admin.display(description=_("when there are more"))
    def then(self, limit):
        return limit.bounds.then

    @admin.display(description=_("the site’s setting"))
    def usual_number(self, limit):
        return intcomma(limit.usual_number)

    @admin.display(description=_("lowest number you can set"))
    def least(self, limit):
        return intcomma(limit.bounds.least)

    @admin.display(description=_("highest number you can set"))
    def most(self, limit):
        return intcomma(limit.bounds.most)

    def save_model(self, request, limit, form, change):
        limit.changed_at, limit.changed_by = timezone.now(), request.user
        super().save_model(request, limit, form, change)
