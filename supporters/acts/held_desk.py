"""The desk for held acts: signatures, letters and wishes for updates in one place.

Staff see the kinds that they may change. Posts that say the same under one campaign are
one line, and are decided on together.
"""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.one_campaign import campaign_of, page_in
from staff.audit import trail
from staff.audit.models import AuditEntry
from staff.waiting import only_of
from supporters.acts import held_lines
from supporters.acts.act import HoldableAct
from supporters.acts.deciding import Forecast, tell
from supporters.acts.held_lines import (
    address_of,
    like,
    lines_of,
    pair_of,
    put_acts_into,
)

LINES_A_PAGE = 50


class HeldDecisionForm(forms.Form):
    """Which lines were chosen, and the decision on them."""

    decision = forms.ChoiceField(choices=[("release", ""), ("reject", "")])
    line = forms.TypedMultipleChoiceField()

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        # Any pair of keys is valid here: the decision looks which of them are still
        # held.
        self.fields["line"].choices = [(value, value) for value in chosen]
        self.fields["line"].coerce = pair_of

    def clean_line(self):
        return self.cleaned_data["line"][:LINES_A_PAGE]


@require_http_methods(["GET", "HEAD", "POST"])
def held(request):
    """The lines of one kind, the oldest first; its buttons decide on those chosen."""
    kinds = [
        kind for kind in HoldableAct.kinds() if request.user.has_perm(_permission(kind))
    ]
    # Acts of other rooms come first, since a follow often only came along with one.
    kinds.sort(key=lambda kind: kind._meta.app_label == "supporters")
    if not kinds:
        raise PermissionDenied
    campaign = campaign_of(request)
    held = {kind: held_of(request.user, campaign, kind) for kind in kinds}
    waiting = {kind: rows.count() for kind, rows in held.items()}
    kind = _chosen_kind(request, waiting)
    if request.method == "POST":
        # The chosen lines are of the kind that was seen, and of no other.
        if request.GET.get("kind") != kind._meta.label_lower:
            raise PermissionDenied
        return _decide(request, kind, campaign)
    pages = Paginator(lines_of(held[kind]), LINES_A_PAGE)
    page = pages.get_page(request.GET.get("p"))
    put_acts_into(page.object_list, kind)
    keys = [line.oldest for line in page]
    label = kind._meta.label_lower
    trail.note(request, AuditEntry.Kind.LISTED, label, keys, action="held")
    context = {
        **admin.site.frame(request),
        "title": _("Held items"),
        "kinds": [
            (
                each._meta.verbose_name_plural,
                number,
                page_for(each, campaign),
                each is kind,
            )
            for each, number in waiting.items()
        ],
        "here": page_for(kind, campaign),
        "campaign": campaign,
        "page": page,
        "waiting": waiting[kind],
        "most": held_lines.MOST_ROWS,
        "days": settings.KEEP_WITHDRAWN_DAYS,
        "list_url": reverse(f"admin:{address_of(kind)}_changelist") + "?state=held",
    }
    return TemplateResponse(request, "admin/supporters/held.html", context)


def held_of(user, campaign, kind):
    """The held acts of a kind on which somebody may decide; of one campaign or all."""
    return only_of(user, _permission(kind), campaign, kind.objects.held())


def page_for(kind, campaign=None):
    """The address of the desk with a kind of acts, a model; of one campaign or all."""
    page = f"{reverse('held')}?kind={kind._meta.label_lower}"
    return page_in(campaign, page)


def _decide(request, kind, campaign):
    back = redirect(page_for(kind, campaign))
    form = HeldDecisionForm(request.POST, chosen=request.POST.getlist("line"))
    if not form.is_valid():
        said = _("Nothing has changed. Select some, and press one of the buttons.")
        messages.error(request, said)
        return back
    decision = form.cleaned_data["decision"]
    chosen = like(held_of(request.user, campaign, kind), form.cleaned_data["line"])
    keys = list(chosen.values_list("pk", flat=True)[: held_lines.MOST_ROWS])
    if keys and decision == "reject" and "sure" not in request.POST:
        return _ask_first(request, kind, campaign, keys)
    rows = kind.objects.filter(pk__in=keys)
    number = getattr(rows, decision)(by=request.user)
    trail.note(
        request,
        AuditEntry.Kind.ACTION,
        kind._meta.label_lower,
        keys,
        action=decision,
        count=number,
    )
    tell(request, decision, number)
    return back


def _ask_first(request, kind, campaign, keys):
    """Ask first, since rejecting cannot be undone, and a line can be very many."""
    label = kind._meta.label_lower
    trail.note(request, AuditEntry.Kind.LISTED, label, keys, action="held")
    forecast = Forecast("reject", kind.objects.filter(pk__in=keys))
    return forecast.ask(
        request,
        back=page_for(kind, campaign),
        back_to=_("Held items"),
        hidden=[
            ("decision", "reject"),
            ("sure", "1"),
            *(("line", line) for line in request.POST.getlist("line")),
        ],
    )


def _chosen_kind(request, waiting):
    """The kind that the address names; else the first kind with held acts."""
    asked = request.GET.get("kind")
    for kind in waiting:
        if kind._meta.label_lower == asked:
            return kind
    held = [kind for kind, number in waiting.items() if number]
    return next(iter(held or waiting))


def _permission(kind):
    return f"{kind._meta.app_label}.change_{kind._meta.model_name}"


urlpatterns = [path("", admin.site.admin_view(held, about=""), name="held")]
