"""Names on paper: sheets are typed in, compared, and counted by somebody else."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from campaigns.one_campaign import campaign_filter
from campaigns.qr_code import svg_of
from pages.addresses import absolute, absolute_reverse
from paper import line_entry, scans, tasks
from paper.batch_forms import BatchForm, BroughtForm
from paper.batches import CannotCount, PaperBatch
from paper.lines import Match, PaperLine
from paper.scans import PaperScan
from reporting import csv_files
from reporting.sheets import Sheet, sheet_of
from staff.long_lists import LongPaginator

A_PAGE, A_CHUNK = 50, 2000
PAPERS = ("a4", "letter")
LINES_A_SHEET = 14


class ToCountFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("to-count", _("for me to compare and count"))]

    def queryset(self, request, batches):
        return batches.to_count(request.user) if self.value() else batches


@admin.register(PaperBatch)
class PaperBatchAdmin(admin.ModelAdmin):
    form = BatchForm
    filled_by = _(
        "Nothing is here yet. A batch holds the names from one day and place, such as "
        "a market stall. Names from another website go here, too."
    )
    when_empty = {"place": _("Enter where the names were collected.")}
    list_display = [
        "place",
        "collected_on",
        "petition",
        "state_word",
        "on_sheets",
        "entered_by",
        "counted_by",
    ]
    list_filter = [ToCountFilter, campaign_filter("petition__campaign"), "petition"]
    list_select_related = ["petition", "entered_by", "counted_by"]
    search_fields = ["place", "collected_by"]
    autocomplete_fields = ["petition"]
    change_form_template = "admin/paper/batch.html"
    show_full_result_count = False
    paginator = LongPaginator
    change_list_template = "admin/paper/batches.html"

    def get_fields(self, request, obj=None):
        """Those of sheets, or those of a list from another website."""
        is_brought = _is_brought(request, obj)
        own = ["collected_by"] if is_brought else [("collected_by", "sheets")]
        where = [("place", "collected_on"), *own, "country"]
        consent = ["consent"] if is_brought else []
        return ["petition", *where, *consent, "note", "new_scan"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if _is_brought(request, obj):
            kwargs["form"] = BroughtForm
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is None and _is_brought(request):
            context["title"] = _("Add names from another website")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("state"))
    def state_word(self, batch):
        return batch.state

    @admin.display(description=_("number of sheets"), ordering="sheets")
    def on_sheets(self, batch):
        """How many sheets; a list from another website has none."""
        return (
            pgettext("sheets", "another website") if batch.is_brought else batch.sheets
        )

    def get_readonly_fields(self, request, obj=None):
        """The petition; and once names were counted, whether they are from paper."""
        if obj is None:
            return []
        return ["petition", "consent"] if obj.steps else ["petition"]

    def has_change_permission(self, request, obj=None):
        is_there = obj is None or obj.anonymised_at is None
        return is_there and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """No batch that was once counted, since it explains lines of the chain."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and not obj.steps

    def get_deleted_objects(self, objs, request):
        """Say in numbers what is deleted: all names would fill a very long page."""
        numbers = {
            model._meta.verbose_name_plural: rows.count()
            for model in (PaperLine, PaperScan)
            if (rows := model.objects.filter(batch__in=objs))
        }
        return [str(batch) for batch in objs], numbers, set(), []

    def save_model(self, request, batch, form, change):
        if not change:
            batch.entered_by = request.user
        super().save_model(request, batch, form, change)
        if scan := form.cleaned_data.get("scan"):
            name, size = scan
            batch.scans.create(name=name, size=size)

    def delete_model(self, request, batch):
        with transaction.atomic():
            batch.scans.forget()
            batch.delete()

    def response_add(self, request, batch, post_url_continue=None):
        """Lead to its lines or their file, unless another button was pressed."""
        if {"_continue", "_addanother"} & set(request.POST):
            return super().response_add(request, batch, post_url_continue)
        first = "import" if batch.is_brought else "lines"
        return redirect(f"admin:paper_paperbatch_{first}", batch.pk)

    def get_urls(self):
        pages = {
            "lines": ("<int:pk>/lines/", self.lines),
            "import": ("<int:pk>/import/", self.import_csv),
            "sheet": ("<int:pk>/sheet/<str:paper>/", self.sheet),
            "comparison": ("<int:pk>/comparison/", self.comparison),
            "csv": ("<int:pk>/csv/", self.csv),
            "scan": ("<int:pk>/scans/<int:scan_pk>/", self.scan),
            "remove_scan": (
                "<int:pk>/scans/<int:scan_pk>/remove/",
                require_POST(self.remove_scan),
            ),
        }
        return [
            path(
                route,
                self.admin_site.admin_view(view, exports=n in ("csv", "scan")),
                name=f"paper_paperbatch_{n}",
            )
            for n, (route, view) in pages.items()
        ] + super().get_urls()

    def lines(self, request, pk):
        """An empty line first, and below it the lines that are there."""
        batch = self._batch(request, pk)
        may_enter = batch.is_being_entered and self.has_change_permission(
            request, batch
        )
        form = line_entry.LineForm(request.POST or None, batch=batch)
        if request.method == "POST":
            if not may_enter:
                raise PermissionDenied
            if form.is_valid():
                batch.enter([form.cleaned_data], by=request.user)
                return redirect("admin:paper_paperbatch_lines", pk)
        page = self._page(request, batch.lines.order_by("-number"))
        context = {"form": form, "may_enter": may_enter, "page": page}
        return self._render(request, batch, "lines", _("Lines"), context)

    def import_csv(self, request, pk):
        """Upload a file, see each row with its faults, and take in the good rows.

        The others stay, to be mended there. A form that was sent twice adds nothing
        the second time, and its page says so.
        """
        batch = self._batch(request, pk)
        if not (batch.is_being_entered and self.has_change_permission(request, batch)):
            raise PermissionDenied
        known, most = line_entry.KNOWN, line_entry.MOST_ROWS
        form, sheet = sheet_of(request, known, most_rows=most)
        added, there = "", 0
        if sheet:
            good = line_entry.look_at(sheet)
            if good and "take_in" in request.POST:
                there = request.POST.get("there", "")
                if number := batch.enter(good, request.user, known=there):
                    said = ngettext("%d line added.", "%d lines added.", number)
                    added = said % number
                    self.log_change(request, batch, added)
                    if not (left := sheet.without_good()):
                        self.message_user(request, added, messages.SUCCESS)
                        return redirect("admin:paper_paperbatch_lines", pk)
                    sheet = Sheet(left, known, most_rows=most, places=sheet.places)
                    good = line_entry.look_at(sheet)
            there = batch.has_among_lines(good)
        context = {"form": form, "sheet": sheet, "added": added, "there": there}
        return self._render(request, batch, "import", _("Lines from CSV"), context)

    def sheet(self, request, pk, paper):
        """An empty sheet to print, in the campaign's language.

        Its number and its code lead whoever types it in back to this batch.
        """
        batch = self._batch(request, pk)
        if paper not in PAPERS:
            raise Http404
        address = reverse("admin:paper_paperbatch_change", args=[batch.pk])
        context = {
            "batch": batch,
            "petition": batch.petition,
            "campaign": batch.petition.campaign,
            "paper": paper,
            "rows": range(1, LINES_A_SHEET + 1),
            "code": svg_of(absolute(address)),
            "page": absolute(batch.petition.campaign.get_absolute_url()),
            "privacy": absolute_reverse("privacy", batch.petition.campaign.language),
        }
        with translation.override(batch.petition.campaign.language):
            return render(request, "admin/paper/sheet.html", context)

    def comparison(self, request, pk):
        """The lines that look like people who are counted already, with buttons."""
        batch = self._batch(request, pk)
        if request.method == "POST":
            if not self.has_change_permission(request, batch):
                raise PermissionDenied
            self._act(request, batch)
            return redirect("admin:paper_paperbatch_comparison", pk)
        lines = batch.lines.all()
        numbers = dict(lines.order_by().values_list("match").annotate(n=Count("pk")))
        context = {
            "page": self._page(request, lines.alike()),
            "total": sum(numbers.values()),
            "open": numbers.get(Match.OPEN, 0),
            "same": numbers.get(Match.SAME, 0),
            "will_count": numbers.get(Match.NONE, 0) + numbers.get(Match.OTHER, 0),
            "counted": sum(lines.by_country().values()),
            "may_change": self.has_change_permission(request, batch),
            "sees_signatures": request.user.may_see("petitions.signature"),
            "needs_another": settings.PAPER_NEEDS_SECOND_PERSON
            and batch.was_entered_by(request.user),
        }
        title = _("Compare and count")
        return self._render(request, batch, "comparison", title, context)

    def _act(self, request, batch):
        said = None
        for name, is_same in (("same", True), ("other", False)):
            keys = [key for key in request.POST.getlist(name) if key.isdecimal()]
            for line in batch.lines.filter(pk__in=keys):
                try:
                    line.decide(is_same=is_same)
                except CannotCount as reason:
                    self.message_user(request, str(reason), messages.ERROR)
        match request.POST.get("decision"):
            case "finish":
                batch.finish()
                said = _(
                    "Finished. We now compare the lines with everybody who has signed."
                )
            case "reopen":
                batch.reopen()
                said = _("Lines can be entered again.")
            case "compare":
                tasks.compare_paper.defer(batch_pk=batch.pk)
                said = _("We are comparing the lines again. Look again in a moment.")
            case "count":
                try:
                    batch.count(by=request.user)
                except CannotCount as reason:
                    self.message_user(request, str(reason), messages.ERROR)
                else:
                    said = _("Counted. The pages change within a minute.")
            case "uncount":
                batch.uncount()
                said = _("Taken off the count again. The pages change within a minute.")
        if said:
            self.log_change(request, batch, str(said))
            self.message_user(request, said, messages.SUCCESS)

    def csv(self, request, pk):
        """All lines of a batch, streamed."""
        batch = self._batch(request, pk)
        columns = ["number", *line_entry.COLUMNS, "match", "counted"]
        rows = batch.lines.order_by("number").values_list(*columns)
        read = rows.iterator(chunk_size=A_CHUNK)
        response = csv_files.download(f"batch-{batch.pk}", columns, read)
        response["Cache-Control"] = "private, no-store"
        return response

    def scan(self, request, pk, scan_pk):
        """The file as a download: this site shows nothing of it as its own."""
        batch = self._batch(request, pk)
        scan = get_object_or_404(batch.scans, pk=scan_pk)
        file = scans.FILES.open(scan.name)
        if file is None:
            raise Http404
        response = FileResponse(
            file,
            as_attachment=True,
            filename=f"batch-{batch.pk}-scan-{scan.pk}.{scan.kind}",
            content_type=scans.TYPES[scan.kind],
        )
        response["Cache-Control"] = "private, no-store"
        return response

    def remove_scan(self, request, pk, scan_pk):
        batch = self._batch(request, pk)
        if not self.has_change_permission(request, batch):
            raise PermissionDenied
        if batch.is_brought and batch.counted_at:
            said = _("It proves the consent. Take the batch off the count first.")
            self.message_user(request, said, messages.ERROR)
            return redirect("admin:paper_paperbatch_change", pk)
        with transaction.atomic():
            batch.scans.filter(pk=scan_pk).forget()
        said = _("The scan is deleted.")
        self.log_change(request, batch, str(said))
        request.audit.erased()
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:paper_paperbatch_change", pk)

    def _batch(self, request, pk):
        batches = PaperBatch.objects.select_related("petition")
        batch = get_object_or_404(batches, pk=pk)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        return batch

    def _page(self, request, rows):
        return LongPaginator(rows, A_PAGE).get_page(request.GET.get("p"))

    def _render(self, request, batch, page, title, context):
        return render(
            request,
            f"admin/paper/{page}.html",
            {
                **self.admin_site.frame(request, self.opts),
                "title": title,
                "batch": batch,
                **context,
            },
        )


def _is_brought(request, batch=None):
    """Whether a form is about a list from another website."""
    return batch.is_brought if batch else "website" in request.GET


class PaperLineForm(forms.ModelForm):
    """A line, checked by the same fields as everywhere else."""

    name, city, postcode, country, email = line_entry.LineForm.base_fields.values()

    class Meta:
        model = PaperLine
        fields = line_entry.COLUMNS


@admin.register(PaperLine)
class PaperLineAdmin(admin.ModelAdmin):
    """Lines in one list: to find a person on paper, correct a line, or erase one."""

    filled_by = _(
        "Nothing is here yet. Names appear here once somebody enters a batch."
    )
    list_display = ["name", "place", "batch_link", "match_word", "counted"]
    list_filter = ["counted", "batch__petition"]
    list_select_related = ["batch"]
    form = PaperLineForm
    search_fields = ["name", "=email"]
    search_help_text = _("Enter part of the name, or a full email address.")
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = LongPaginator
    fields = ["batch", "number", *line_entry.COLUMNS, "match", "counted"]
    readonly_fields = ["batch", "number", "match", "counted"]

    @admin.display(description=_("place"))
    def place(self, line):
        return line.place

    @admin.display(description=_("batch"))
    def batch_link(self, line):
        url = reverse("admin:paper_paperbatch_lines", args=[line.batch_id])
        return format_html('<a href="{}">{}</a>', url, line.batch)

    @admin.display(description=_("compared"))
    def match_word(self, line):
        return line.get_match_display()

    def has_add_permission(self, request):
        return False

    def save_model(self, request, line, form, change):
        line.put_right(by=request.user)

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.batch.is_being_entered
        return is_open and super().has_change_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        """The lines with their names, which the log of what was done does not hold."""
        lines = [f"{line}: {line.name}, {line.place}" for line in objs]
        return lines, {self.opts.verbose_name_plural: len(lines)}, set(), []

    def delete_model(self, request, line):
        line.erase()

    def delete_queryset(self, request, lines):
        for line in lines.select_related("batch"):
            line.erase()
