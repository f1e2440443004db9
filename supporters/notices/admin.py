"""The notices of illegal content: a list that can be downloaded, and a page of each."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from reporting import csv_files
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter
from supporters.notices.forms import NoticeDecisionForm
from supporters.notices.models import Notice
from supporters.notices.place import desk_of

# The record of a notice: it names nobody but staff.
RECORD = (
    "reference",
    "received_at",
    "receipt_at",
    "law",
    "location",
    "decision",
    "reasons",
    "decided_at",
    "decided_by",
)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Staff decide on a notice on its page, or where its content has a desk."""

    list_display = [
        "number",
        "received_at",
        "law",
        "location",
        "decision",
        "decided_by",
    ]
    list_display_links = ["number"]
    list_filter = [
        state_filter("decided_at", before=_("Waiting"), after=_("Decided")),
        "law",
        "decision",
    ]
    list_select_related = ["decided_by"]
    search_fields = ["location", "words"]
    search_help_text = _("Enter part of the address of the content, or of the words.")
    actions = ["as_csv"]

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    @admin.display(description=_("reference number"), ordering="pk")
    def number(self, notice):
        return notice.reference

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One notice, with the form that decides on it."""
        key = object_id if object_id.isdecimal() and len(object_id) < 19 else None
        rows = Notice.objects.select_related("decided_by")
        notice = get_object_or_404(rows, pk=key)
        if not self.has_view_permission(request, notice):
            raise PermissionDenied
        may_decide = self.has_change_permission(request, notice)
        desk = desk_of(notice)
        form = NoticeDecisionForm(request.POST if request.method == "POST" else None)
        if form.is_bound:
            if not may_decide or desk:
                raise PermissionDenied
            if form.is_valid():
                return self._decide(request, notice, form.cleaned_data)
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Notice of illegal content"),
            "notice": notice,
            "form": form,
            "desk": desk,
            "may_decide": may_decide and notice.decided_at is None,
        }
        template = "admin/supporters/notice.html"
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, template, context, status=status)

    def _decide(self, request, notice, typed):
        if notice.decided_at:
            said = _("Somebody has already decided on it. Nothing has changed.")
            self.message_user(request, said, messages.WARNING)
        else:
            mine = Notice.objects.filter(pk=notice.pk)
            mine.decide(typed["decision"], by=request.user, reasons=typed["reasons"])
            said = _("Decided. We email the person who sent it in a few minutes.")
            self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:supporters_notice_change", notice.pk)

    @admin.action(description=_("Download as CSV"))
    def as_csv(self, request, notices):
        """The record as CSV, without the names and addresses of notifiers."""
        rows = (
            [_cell(getattr(notice, field)) for field in RECORD]
            for notice in notices.iterator(chunk_size=1000)
        )
        return StreamingHttpResponse(
            csv_files.lines(RECORD, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="notices.csv"'},
        )


def _cell(value):
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value
