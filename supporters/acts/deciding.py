"""Decisions on held acts; a page first says what will happen to how many."""

from math import ceil

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import lookup_field
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from safeguards import limits
from staff.inbox import InboxDecision, ask_first, tell
from supporters.acts.held_lines import LineFilter
from supporters.acts.holding import HELD_FOR
from supporters.acts.undecided import state_with_days

SAMPLE = 10
# Somebody waits for the request, which takes some seconds for so many.
MOST = 20_000
DECISIONS = (
    InboxDecision(
        "release", _("Release"), "a", title=_("Release held items"), is_yes=True
    ),
    InboxDecision(
        "reject", _("Reject"), "x", title=_("Reject held items"), is_final=True
    ),
)


class SeenUpTo(forms.Form):
    """The newest act that the forecast counted; later ones are left alone."""

    newest = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class Forecast:
    """What a decision, "release" or "reject", would do to which of these acts.

    They are querysets, each of one kind.
    """

    def __init__(self, decision, *some):
        self.decision = decision
        self._held, self.waiting, self.others, self._rows = [], 0, 0, []
        for acts in some:
            held = acts.held()
            waiting = held.count()
            self.waiting += waiting
            self.others += acts.count() - waiting
            if waiting > MOST:  # the oldest first, the rest afterwards
                oldest = held.order_by("pk").values_list("pk", flat=True)
                held = held.filter(pk__lte=oldest[MOST - 1])
            self._held.append(held)
            counted = held.order_by("held_for").values("held_for")
            self._rows += counted.annotate(number=Count("pk"), newest=Max("pk"))
        self.number = sum(row["number"] for row in self._rows)
        self.newest = max((row["newest"] for row in self._rows), default=0)
        self.minutes = ceil(self.number / limits.number("MAILS_A_MINUTE"))
        self.days = settings.KEEP_WITHDRAWN_DAYS

    @property
    def reasons(self):
        """Pairs of why acts were held, and how many were."""
        for row in self._rows:
            yield HELD_FOR.get(row["held_for"], row["held_for"]), row["number"]

    @property
    def networks(self):
        """How many networks they came from, of kinds that store networks."""
        counted = Count("network_hash", distinct=True)
        return sum(
            held.order_by().aggregate(n=counted)["n"]
            for held in self._held
            if hasattr(held.model, "network_hash")
        )

    @cached_property
    def sample(self):
        return [
            act.in_short
            for held in self._held
            for act in held.select_related(
                "confirmation__supporter", "confirmation__campaign"
            ).order_by("?")[:SAMPLE]
        ]

    def ask(self, request, *, back_to, hidden, action, opts=None):
        """The page that asks first; its button sends the `hidden` pairs to `action`."""
        return ask_first(
            request,
            self,
            decision=next(each for each in DECISIONS if each.name == self.decision),
            template="admin/supporters/asks_held.html",
            hidden=hidden,
            action=action,
            back_to=back_to,
            opts=opts,
        )


class DecidingAdmin(admin.ModelAdmin):
    """An admin that releases and rejects held acts: one, or all that a filter finds.

    An action of the list shows its forecast. The button there sends the same action to
    the same address again, so that filters and search find the same rows.
    """

    actions = ["release", "reject"]

    def get_list_display(self, request):
        """The columns, with the address, which tells posts apart that say the same."""
        columns = super().get_list_display(request)
        if LineFilter.parameter_name in request.GET:
            return [columns[0], "email", *columns[1:]]
        return columns

    def get_fields(self, request, obj=None):
        """The rows that say something: most moments of an act never come."""
        names = super().get_fields(request, obj)
        return [name for name in names if obj is None or self._says(name, obj)]

    def _says(self, name, act):
        _field, _way, value = lookup_field(name, act, self)
        return value not in (None, "", self.get_empty_value_display())

    def changelist_view(self, request, extra_context=None):
        """The list; that of the posts of one line leads back to the desk."""
        own = dict(extra_context or {})
        if LineFilter.parameter_name in request.GET:
            own["held_page"] = reverse("inbox", args=["held"])
        return super().changelist_view(request, own)

    def get_list_select_related(self, request):
        return [*super().get_list_select_related(request), "confirmation__supporter"]

    @admin.display(description=_("state"))
    def state_word(self, act):
        return state_with_days(act)

    @admin.display(description=_("email address"))
    def email(self, act):
        return act.confirmation.email if act.confirmation else ""

    @admin.action(
        description=_("Release: ask for confirmation …"), permissions=["change"]
    )
    def release(self, request, acts):
        return self._decide(request, "release", acts)

    @admin.action(description=_("Reject …"), permissions=["change"])
    def reject(self, request, acts):
        return self._decide(request, "reject", acts)

    def _decide(self, request, decision, acts):
        seen = SeenUpTo(request.POST)
        if not seen.is_valid():
            return self._ask_first(request, Forecast(decision, acts))
        acts = acts.filter(pk__lte=seen.cleaned_data["newest"])
        number = getattr(acts, decision)(by=request.user)
        request.audit.done(number=number)
        tell(request, number, said(decision, number))
        return None

    def _ask_first(self, request, forecast):
        is_all = request.POST.get("select_across") == "1"
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if is_all:  # without a chosen row the list does nothing
            chosen = chosen[:1]
        return forecast.ask(
            request,
            action=request.get_full_path(),
            back_to=self.opts.verbose_name_plural,
            opts=self.opts,
            hidden=[
                ("action", forecast.decision),
                ("select_across", "1" if is_all else "0"),
                ("newest", forecast.newest),
                *((ACTION_CHECKBOX_NAME, key) for key in chosen),
            ],
        )


def said(decision, number):
    """That so many were released or rejected, in a sentence."""
    if decision == "release":
        words = ngettext(
            "%(count)d released. Its owner is asked to confirm.",
            "%(count)d released. Their owners are asked to confirm.",
            number,
        )
    else:
        words = ngettext("%(count)d rejected.", "%(count)d rejected.", number)
    return words % {"count": number}
