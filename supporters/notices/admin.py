"""What readers report: a list that can be downloaded, and a page of each report."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from campaigns.one_campaign import campaign_filter
from reporting import csv_files
from staff.reach import within
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter
from supporters.notices.inbox import CHANGE, not_hidden, page_of
from supporters.notices.models import Report
from supporters.notices.place import desk_of

# The record of a report: it names nobody but staff.
RECORD = {
    "reference": _("reference number"),
    **{
        name: Report._meta.get_field(name).verbose_name
        for name in (
            "received_at",
            "receipt_at",
            "law",
            "reason",
            "location",
            "decision",
            "reasons",
            "decided_at",
            "decided_by",
        )
    },
}


# So many of the others about the same content are shown beside a notice.
OTHERS_SHOWN = 20


class OfTheLaw(admin.EmptyFieldListFilter):
    """Notices of illegal content, or what breaks our rules only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("notice of illegal content")

    def choices(self, changelist):
        words = (_("All"), _("No"), _("Yes"))
        for choice, word in zip(super().choices(changelist), words, strict=True):
            yield choice | {"display": word}


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The record of what was reported; what waits is decided on in the inbox."""

    filled_by = _("Nothing is here yet. What readers report appears here.")
    list_display = [
        "number",
        "received_at",
        "subject",
        "wrong",
        "location",
        "decision",
        "decided_by",
    ]
    list_display_links = ["number"]
    list_filter = [
        state_filter("decided_at", before=_("Waiting"), after=_("Decided")),
        campaign_filter("campaign"),
        "subject",
        ("law", OfTheLaw),
        "decision",
    ]
    list_select_related = ["decided_by"]
    search_fields = ["location", "words"]
    search_help_text = _("Enter part of the address of the content, or of the words.")
    actions = ["as_csv"]

    def get_queryset(self, request):
        return not_hidden(request.user, super().get_queryset(request))

    def get_ordering(self, request):
        """Those that wait first, in turn."""
        return [F("decided_at").desc(nulls_first=True), "turn", "-pk"]

    @admin.display(description=_("reference number"), ordering="pk")
    def number(self, notice):
        return notice.reference

    @admin.display(description=_("reason"))
    def wrong(self, report):
        return report.what

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One report, and the others about its content; the inbox decides on it."""
        key = object_id if object_id.isdecimal() and len(object_id) < 19 else None
        seen = within(request.user, Report.objects.all())
        rows = Report.objects.select_related("decided_by", "campaign").with_others(seen)
        notice = get_object_or_404(not_hidden(request.user, rows), pk=key)
        if not self.has_view_permission(request, notice):
            raise PermissionDenied
        may_decide = request.user.has_perm(CHANGE) and notice.can_be_decided
        same = within(request.user, Report.objects.about_the_same(notice))
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Notice of illegal content")
            if notice.law
            else capfirst(self.opts.verbose_name),
            "notice": notice,
            "decide_at": may_decide and (desk_of(notice) or page_of(notice)),
            "same": same.in_turn()[:OTHERS_SHOWN],
        }
        return TemplateResponse(request, "admin/supporters/report.html", context)

    @admin.action(description=_("Download as CSV"))
    def as_csv(self, request, notices):
        """The record as CSV, without the names and addresses of notifiers."""
        rows = (
            [_cell(notice, field) for field in RECORD]
            for notice in notices.iterator(chunk_size=1000)
        )
        request.audit.exported()
        return csv_files.download("notices", RECORD.values(), rows)


def _cell(notice, field):
    said = getattr(notice, f"get_{field}_display", None)
    value = said() if said else getattr(notice, field)
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value
