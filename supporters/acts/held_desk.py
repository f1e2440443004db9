"""The desk for what is held: signatures, letters and wishes for updates in one place.

Each kind is for who may change it. Posts that say the same under one campaign are one
line, and are decided on together.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from staff.audit import trail
from staff.audit.models import AuditEntry
from supporters.acts.act import HoldableAct
from supporters.acts.holding import HELD_FOR

LINES_A_PAGE = 50
# The oldest ones; what comes after them has its turn when these are decided on.
MOST_ROWS = 10_000


@dataclass
class HeldLine:
    """What is held and says the same: its oldest act, how many, and whose."""

    oldest: int
    number: int = 0
    newest: int = 0
    addresses: set = field(default_factory=set)
    act: HoldableAct = None

    def add(self, pk, supporter):
        self.addresses.add(supporter)
        self.number, self.newest = self.number + 1, max(self.newest, pk)

    @property
    def value(self):
        """For the form: what came later than was seen is left for later."""
        return f"{self.oldest}-{self.newest}"

    @property
    def reason(self):
        return HELD_FOR.get(self.act.held_for, self.act.held_for)

    @property
    def page(self):
        return reverse(f"admin:{_address_of(self.act)}_change", args=[self.act.pk])

    @property
    def list_page(self):
        """All of its acts, in the list of their kind."""
        address = reverse(f"admin:{_address_of(self.act)}_changelist")
        return f"{address}?{LineFilter.parameter_name}={self.value}"


class LineFilter(admin.SimpleListFilter):
    """In the list of a kind: what of a line of this desk is held still."""

    title = _lazy("posts that say the same")
    parameter_name = "line"

    def lookups(self, request, model_admin):
        # Also of what is no line: or the list would show everything.
        return [(self.value(), _("these"))] if self.value() else []

    def queryset(self, request, acts):
        if not self.value():
            return acts
        try:
            pair = _pair(self.value())
        except ValueError:
            return acts.none()
        return acts.filter(pk__in=_like(acts.model, [pair]).values("pk"))


class HeldDecisionForm(forms.Form):
    """Which lines were chosen, and what becomes of them."""

    decision = forms.ChoiceField(choices=[("release", ""), ("reject", "")])
    line = forms.TypedMultipleChoiceField()

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        # Any pair of keys: what of them is held still is looked at when it is decided.
        self.fields["line"].choices = [(value, value) for value in chosen]
        self.fields["line"].coerce = _pair

    def clean_line(self):
        return self.cleaned_data["line"][:LINES_A_PAGE]


def _pair(value):
    oldest, _dash, newest = value.partition("-")
    pair = int(oldest), int(newest)
    if not all(0 < key < 2**63 for key in pair):
        raise ValueError(value)
    return pair


@require_http_methods(["GET", "HEAD", "POST"])
def held(request):
    """The lines of one kind, the oldest first; its buttons decide on those chosen."""
    kinds = [
        kind for kind in HoldableAct.kinds() if request.user.has_perm(_permission(kind))
    ]
    if not kinds:
        raise PermissionDenied
    waiting = {kind: kind.objects.held().count() for kind in kinds}
    kind = _chosen_kind(request, waiting)
    if request.method == "POST":
        # Its lines are of the kind that was seen, and of no other one.
        if request.GET.get("kind") != kind._meta.label_lower:
            raise PermissionDenied
        return _decide(request, kind)
    pages = Paginator(_lines(kind), LINES_A_PAGE)
    page = pages.get_page(request.GET.get("p"))
    _put_acts_into(page.object_list, kind)
    keys = [line.oldest for line in page]
    label = kind._meta.label_lower
    trail.note(request, AuditEntry.Kind.LISTED, label, keys, action="held")
    context = {
        **admin.site.each_context(request),
        "title": _("What is held"),
        "kinds": [
            (each._meta.verbose_name_plural, number, _page_of(each), each is kind)
            for each, number in waiting.items()
        ],
        "here": _page_of(kind),
        "page": page,
        "waiting": waiting[kind],
        "most": MOST_ROWS,
        "days": settings.KEEP_WITHDRAWN_DAYS,
        "list_url": reverse(f"admin:{_address_of(kind)}_changelist") + "?state=held",
    }
    return TemplateResponse(request, "admin/supporters/held.html", context)


def page_for(kind):
    """The address of the desk with one kind of acts, a model."""
    return reverse("held") + _page_of(kind)


def _decide(request, kind):
    back = redirect(f"{reverse('held')}{_page_of(kind)}")
    form = HeldDecisionForm(request.POST, chosen=request.POST.getlist("line"))
    if not form.is_valid():
        said = _("Nothing was done. Choose lines, and press one of the buttons.")
        messages.error(request, said)
        return back
    decision = form.cleaned_data["decision"]
    chosen = _like(kind, form.cleaned_data["line"])
    keys = list(chosen.values_list("pk", flat=True)[:MOST_ROWS])
    if keys and decision == "reject" and "sure" not in request.POST:
        return _ask_first(request, kind, keys)
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
    if number:
        messages.success(request, _said(decision, number))
    else:
        messages.warning(request, _("Somebody has decided on these before."))
    return back


def _ask_first(request, kind, keys):
    """Rejecting cannot be undone, and one line can be very many."""
    label = kind._meta.label_lower
    trail.note(request, AuditEntry.Kind.LISTED, label, keys, action="held")
    context = {
        **admin.site.each_context(request),
        "title": _("Reject what is held"),
        "here": _page_of(kind),
        "kind": kind._meta.verbose_name_plural,
        "lines": request.POST.getlist("line"),
        "number": len(keys),
        "days": settings.KEEP_WITHDRAWN_DAYS,
    }
    return TemplateResponse(request, "admin/supporters/held_rejection.html", context)


def _said(decision, number):
    if decision == "release":
        words = ngettext(
            "%d released. Its owner is asked to confirm.",
            "%d released. Their owners are asked to confirm.",
            number,
        )
    else:
        words = ngettext("%d rejected.", "%d rejected.", number)
    return words % number


def _lines(kind):
    """The lines of what is held of a kind, by its oldest MOST_ROWS rows."""
    rows = (
        kind.objects.held()
        .order_by("pk")
        .values_list("pk", "confirmation__supporter", *SAYS_THE_SAME)
    )
    lines = {}
    for pk, supporter, campaign, said, held_for in rows[:MOST_ROWS]:
        # Without a hash of its words, each is a line of its own.
        key = (campaign, bytes(said), held_for) if said else pk
        lines.setdefault(key, HeldLine(pk)).add(pk, supporter)
    return list(lines.values())


# And waits for the same reason, which is all that the line says of it.
SAYS_THE_SAME = ("confirmation__campaign", "confirmation__said", "held_for")


def _put_acts_into(lines, kind):
    acts = kind.objects.for_pages().select_related(
        "confirmation__supporter", "confirmation__campaign"
    )
    found = acts.in_bulk([line.oldest for line in lines])
    for line in lines:
        line.act = found[line.oldest]
        line.act.campaign = line.act.confirmation.campaign


def _like(kind, pairs):
    """What is held and says the same as the first of each pair, up to the second."""
    firsts = kind.objects.held().filter(pk__in=[oldest for oldest, _newest in pairs])
    said = {pk: same for pk, *same in firsts.values_list("pk", *SAYS_THE_SAME)}
    same = [
        Q(pk=oldest)
        if said[oldest][1] is None
        else Q(**dict(zip(SAYS_THE_SAME, said[oldest], strict=True)), pk__lte=newest)
        for oldest, newest in pairs
        if oldest in said
    ]
    if not same:
        return kind.objects.none()
    return kind.objects.held().filter(reduce(or_, same)).order_by("pk")


def _chosen_kind(request, waiting):
    """The kind that the address names; else the first of which something is held."""
    asked = request.GET.get("kind")
    for kind in waiting:
        if kind._meta.label_lower == asked:
            return kind
    held = [kind for kind, number in waiting.items() if number]
    return next(iter(held or waiting))


def _page_of(kind):
    return f"?kind={kind._meta.label_lower}"


def _address_of(kind):
    return f"{kind._meta.app_label}_{kind._meta.model_name}"


def _permission(kind):
    return f"{kind._meta.app_label}.change_{kind._meta.model_name}"


urlpatterns = [path("", admin.site.admin_view(held, about=""), name="held")]
