from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff import reach
from staff.alerts.models import Alert
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """What staff were asked to look at; for all who work for the whole site to read."""

    filled_by = _(
        "Nothing is here yet. We alert you here and by email when "
        "something needs a person."
    )
    is_audited = False
    list_display = ["what_happened", "at", "look", "closed_at", "closed_by"]
    list_select_related = ["closed_by"]
    list_filter = [state_filter("closed_at", before=_("Open"), after=_("Closed"))]
    actions = ["close"]

    def has_module_permission(self, request):
        return reach.works_for_the_site(request.user)

    def has_view_permission(self, request, obj=None):
        return reach.works_for_the_site(request.user)

    @admin.display(description=_("what happened"))
    def what_happened(self, alert):
        return alert.told["words"]

    @admin.display(description=_("where to look"))
    def look(self, alert):
        return format_html('<a href="{}">{}</a>', alert.page, _("Look at it"))

    def has_close_permission(self, request):
        """Whether they may close one for everybody; nobody may edit one."""
        return request.user.has_perm("staff.change_alert")

    @admin.action(description=_("Close: it has been dealt with"), permissions=["close"])
    def close(self, request, alerts):
        closed = alerts.close(by=request.user)
        said = ngettext("%d alert is closed.", "%d alerts are closed.", closed)
        self.message_user(request, said % closed, messages.SUCCESS)
