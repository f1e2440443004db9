"""What readers report: a list that can be downloaded, and a page of each report."""

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.one_campaign import campaign_filter
from reporting import csv_files
from staff.reach import sees_everywhere, to_see, within
from staff.read_only_admin import ReadOnlyAdmin
from staff.state_filter import state_filter
from supporters.notices.choices import KINDS
from supporters.notices.forms import NoticeDecisionForm
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
WAITING = "decided_at__isempty"
CHANGE = "supporters.change_report"


class EachFilter(admin.SimpleListFilter):
    """Of the notices that wait, one for each content; or each of them.

    It comes after all other filters, so that it chooses among what they let through. A
    search, which comes later still, finds each.
    """

    title = _("notices about the same content")
    parameter_name = "each"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        is_searched = bool(request.GET.get(SEARCH_VAR))
        self._may_group = request.GET.get(WAITING) == "1" and not is_searched

    def lookups(self, request, model_admin):
        return [("1", _("Each notice"))]

    def has_output(self):
        return self._may_group

    def choices(self, changelist):
        found = list(super().choices(changelist))
        found[0]["display"] = _("One for each content")
        return found

    def queryset(self, request, rows):
        is_grouped = self._may_group and self.value() is None
        return rows.one_for_each_place() if is_grouped else rows


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
    """Staff decide on a notice on its page; on what has a desk, at the desk."""

    filled_by = _("Nothing is here yet. What readers report appears here.")
    list_display = [
        "number",
        "received_at",
        "subject",
        "wrong",
        "location",
        "words",
        "more",
        "decision",
        "decided_by",
    ]
    list_display_links = ["number"]
    list_filter = [
        state_filter("decided_at", before=_("Waiting"), after=_("Decided")),
        campaign_filter("campaign"),
        "subject",
        ("law", OfTheLaw),
        "law",
        "reason",
        "decision",
        EachFilter,
    ]
    list_select_related = ["decided_by"]
    search_fields = ["location", "words"]
    search_help_text = _("Enter part of the address of the content, or of the words.")
    actions = ["answer", "as_csv"]

    def get_queryset(self, request):
        rows = _not_hidden(request.user, super().get_queryset(request))
        return rows.with_others(within(request.user, Report.objects.all()))

    def get_ordering(self, request):
        """Those that wait first, in turn."""
        return [F("decided_at").desc(nulls_first=True), "turn", "-pk"]

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    @admin.display(description=_("reference number"), ordering="pk")
    def number(self, notice):
        return notice.reference

    @admin.display(description=_("others waiting"))
    def more(self, notice):
        return notice.others or "–"

    @admin.display(description=_("reason"))
    def wrong(self, report):
        return report.what

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One notice, with the form that decides on it."""
        key = object_id if object_id.isdecimal() and len(object_id) < 19 else None
        seen = within(request.user, Report.objects.all())
        rows = Report.objects.select_related("decided_by", "campaign").with_others(seen)
        notice = get_object_or_404(_not_hidden(request.user, rows), pk=key)
        if not self.has_view_permission(request, notice):
            raise PermissionDenied
        may_decide = self.has_change_permission(request, notice)
        desk = desk_of(notice)
        typed = request.POST if request.method == "POST" else None
        mine = self._same(request, notice, CHANGE)
        form = NoticeDecisionForm(typed, others=mine.count(), up_to=mine.newest())
        if not notice.law:
            del form.fields["reasons"]  # nobody would read them
        if form.is_bound:
            if not may_decide or desk:
                raise PermissionDenied
            if form.is_valid():
                return self._decide(request, notice, form.cleaned_data)
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Notice of illegal content")
            if notice.law
            else capfirst(self.opts.verbose_name),
            "notice": notice,
            "form": form,
            "desk": desk,
            "may_decide": may_decide and notice.can_be_decided,
            "same": self._same(request, notice).in_turn()[:OTHERS_SHOWN],
        }
        template = "admin/supporters/report.html"
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, template, context, status=status)

    def _decide(self, request, notice, typed):
        if not notice.can_be_decided:
            said = _("Somebody has already decided on it. Nothing has changed.")
            self.message_user(request, said, messages.WARNING)
        elif not notice.law:
            Report.objects.filter(pk=notice.pk).decide(
                typed["decision"], by=request.user
            )
        else:
            mine = Report.objects.filter(pk=notice.pk)
            if typed.get("all_of_it"):
                same = self._same(request, notice, CHANGE)
                mine |= same.up_to(typed["up_to"])
            self._answer(request, mine, typed)
        return redirect("admin:supporters_report_change", notice.pk)

    def _same(self, request, notice, *permissions):
        """The others about the same content that wait, and that this person reaches."""
        same = Report.objects.about_the_same(notice)
        return within(request.user, same, *permissions)

    def _answer(self, request, notices, typed):
        number = notices.decide(
            typed["decision"], by=request.user, reasons=typed["reasons"]
        )
        said = ngettext(
            "%d notice decided. We email the person who sent it in a few minutes.",
            "%d notices decided. We email the people who sent them in a few minutes.",
            number,
        )
        self.message_user(request, said % number, messages.SUCCESS)

    @admin.action(description=_("Decide on them together …"), permissions=["change"])
    def answer(self, request, notices):
        """One decision with one reason on all notices about the same contents.

        What has a desk of its own is left out, as are reports of readers.
        """
        chosen = list(notices.to_decide().in_turn())
        mine = [each for each in chosen if each.law and not desk_of(each)]
        open_ones = Report.objects.notices().open()
        same = open_ones.filter(content__in=[n.content for n in mine])
        same |= Report.objects.to_decide().filter(pk__in=[n.pk for n in mine])
        same = within(request.user, same, CHANGE)
        is_sent = "reasons" in request.POST
        typed = request.POST if is_sent else None
        form = NoticeDecisionForm(typed, up_to=same.newest())
        if is_sent and form.is_valid():
            seen = same.up_to(form.cleaned_data["up_to"])
            self._answer(request, seen, form.cleaned_data)
            return None
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Decide on them together"),
            "form": form,
            "notices": mine,
            "number": same.count(),
            "left_out": len(chosen) - len(mine),
        }
        template = "admin/supporters/notices_answer.html"
        status = 422 if is_sent else 200
        return TemplateResponse(request, template, context, status=status)

    @admin.action(description=_("Download as CSV"))
    def as_csv(self, request, notices):
        """The record as CSV, without the names and addresses of notifiers."""
        rows = (
            [_cell(notice, field) for field in RECORD]
            for notice in notices.iterator(chunk_size=1000)
        )
        request.audit.exported()
        return csv_files.download("notices", RECORD.values(), rows)


def _not_hidden(user, rows):
    """Those that tell nothing of a comment or a name that this person may not see."""
    for subject, label in KINDS.items():
        if not sees_everywhere(user, label):
            named = to_see(apps.get_model(label))
            seen = within(user, Report.objects.all(), *named)
            of_readers = Q(law="", subject=subject)
            rows = rows.exclude(of_readers & ~Q(pk__in=seen.values("pk")))
    return rows


def _cell(notice, field):
    said = getattr(notice, f"get_{field}_display", None)
    value = said() if said else getattr(notice, field)
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value
