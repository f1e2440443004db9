"""Names of signers: what waits for a moderator, and how a name is shown or hidden."""

from collections import defaultdict

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.one_campaign import campaign_of, page_in
from petitions.names import moderation
from petitions.names.public_name import NameDecision
from petitions.signing.models import Signature
from safeguards.judging import judgement
from staff.reach import within
from staff.waiting import only_of

NAMES_A_PAGE = 50
SEES = "petitions.view_signature"
SHOWN = ("petition__campaign", "name_decided_by")


class NameDecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=NameDecision.choices)


class DoneForm(forms.Form):
    """Which name was decided on just now, and its state before."""

    after = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    was = forms.ChoiceField(choices=NameDecision.choices)


class NamesDesk(admin.ModelAdmin):
    """The pages about names, in the admin of signatures.

    Opening one changes nothing; the buttons post.
    """

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("names/", wrap(self.names), name="petitions_signature_names"),
            path("<int:pk>/name/", wrap(self.name), name="petitions_signature_name"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def names(self, request):
        """The names that wait, in turn; or those that were hidden."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        is_hidden = request.GET.get("state") == "hidden"
        campaign = campaign_of(request)
        if is_hidden:
            rows = moderation.hidden().order_by("-name_decided_at")
        else:
            rows = moderation.in_turn(moderation.waiting())
        rows = only_of(request.user, SEES, campaign, rows)
        rows = rows.select_related(*SHOWN)
        page = Paginator(rows, NAMES_A_PAGE).get_page(request.GET.get("p"))
        page.object_list = _with_findings(request.user, page.object_list)
        done = self._done(request)
        request.audit.showed(
            [*page.object_list, *([done["signature"]] if done else [])]
        )
        context = {
            "title": _("Hidden names") if is_hidden else _("Names to check"),
            "page": page,
            "is_hidden": is_hidden,
            "campaign": campaign,
            "done": done,
        }
        return self._name_page(request, "names", context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def name(self, request, pk):
        """One name and what was found; buttons show it, hide it or undo that."""
        may = self.has_view_permission(request)
        if request.method == "POST":
            may = self.has_change_permission(request)
        if not may:
            raise PermissionDenied
        rows = Signature.objects.counted().filter(anonymised_at=None)
        signature = get_object_or_404(rows.select_related(*SHOWN), pk=pk)
        if request.method != "POST":
            _with_findings(request.user, [signature])
            context = {"title": _("A signer’s name"), "signature": signature}
            return self._name_page(request, "name", context)
        form = NameDecisionForm(request.POST)
        if not form.is_valid():
            return redirect("admin:petitions_signature_name", pk)
        was = signature.public_name.decision
        signature.public_name.decide(form.cleaned_data["decision"], by=request.user)
        query = urlencode({"after": pk, "was": was})
        page = f"{reverse('admin:petitions_signature_names')}?{query}"
        return redirect(page_in(campaign_of(request), page))

    def _done(self, request):
        """The name that was decided on just now, and what undoes that; or None."""
        form = DoneForm(request.GET)
        if not form.is_valid():
            return None
        named = Signature.objects.filter(pk=form.cleaned_data["after"])
        found = within(request.user, named).first()
        was = form.cleaned_data["was"]
        if found is None or found.public_name.decision == was:
            return None
        return {"signature": found, "was": was}

    def _name_page(self, request, name, context):
        context = {
            **self.admin_site.frame(request, self.opts),
            "may_decide": self.has_change_permission(request),
            **context,
        }
        return TemplateResponse(request, f"admin/petitions/{name}.html", context)


def _with_findings(user, signatures):
    """Add what is found in each name now, or why it was hidden; and its reports."""
    judge, found = judgement(), list(signatures)
    reports = moderation.reports().filter(subject_id__in=[each.pk for each in found])
    reported = defaultdict(list)
    for report in reports.seen_by(user).order_by("pk"):
        reported[report.subject_id].append(report)
    for each in found:
        each.reports = reported[each.pk]
        sentence = judge(name=each.shown_name, city=each.city).sentence
        each.name_findings = sentence or each.get_name_hidden_for_display()
    return found
