"""Held posts that say the same under one campaign are one line."""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from supporters.acts.act import HoldableAct
from supporters.acts.holding import HELD_FOR

# Only the oldest are shown; later ones follow when these are decided on.
MOST_ROWS = 10_000
# They also wait for the same reason, which is all that the line says of it.
SAYS_THE_SAME = ("confirmation__campaign", "confirmation__said", "held_for")


@dataclass
class HeldLine:
    """Held posts that say the same: the oldest act, how many, and of whom."""

    kind: type[HoldableAct]
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
        """The value for the form; acts that came after the seen ones are left out."""
        return f"{self.oldest}-{self.newest}"

    @property
    def key(self):
        """The same with the kind, for the inbox."""
        return f"{self.kind._meta.label_lower}-{self.value}"

    @property
    def reason(self):
        return HELD_FOR.get(self.act.held_for, self.act.held_for)

    @property
    def page(self):
        return reverse(f"admin:{address_of(self.act)}_change", args=[self.act.pk])

    @property
    def list_page(self):
        """A page of the list of their kind with all of its acts."""
        address = reverse(f"admin:{address_of(self.act)}_changelist")
        return f"{address}?{LineFilter.parameter_name}={self.value}"


class LineFilter(admin.SimpleListFilter):
    """Filters the list of a kind by those acts of a line that are still held."""

    title = _("posts with the same content")
    parameter_name = "line"

    def lookups(self, request, model_admin):
        # A value that is no line is offered, too, or the list would show everything.
        return [(self.value(), _("these"))] if self.value() else []

    def queryset(self, request, acts):
        if not self.value():
            return acts
        try:
            pair = pair_of(self.value())
        except ValueError:
            return acts.none()
        held = acts.model.objects.held()
        return acts.filter(pk__in=like(held, [pair]).values("pk"))


def pair_of(value):
    oldest, _dash, newest = value.partition("-")
    pair = int(oldest), int(newest)
    if not all(0 < key < 2**63 for key in pair):
        raise ValueError(value)
    return pair


def lines_of(held):
    """The lines of held acts of one kind, made of the oldest MOST_ROWS of them."""
    rows = held.order_by("pk").values_list(
        "pk", "confirmation__supporter", *SAYS_THE_SAME
    )
    lines = {}
    for pk, supporter, about, said, held_for in rows[:MOST_ROWS]:
        # An act without a hash of its words is a line of its own.
        key = (about, bytes(said), held_for) if said else pk
        lines.setdefault(key, HeldLine(held.model, pk)).add(pk, supporter)
    return list(lines.values())


def put_acts_into(lines):
    for kind in {line.kind for line in lines}:
        mine = [line for line in lines if line.kind is kind]
        acts = kind.objects.for_pages().select_related(
            "confirmation__supporter", "confirmation__campaign"
        )
        found = acts.in_bulk([line.oldest for line in mine])
        for line in mine:
            line.act = found[line.oldest]
            line.act.campaign = line.act.confirmation.campaign


def like(held, pairs):
    """Those that say the same as the first of each pair, up to the second."""
    firsts = held.filter(pk__in=[oldest for oldest, _newest in pairs])
    said = {pk: same for pk, *same in firsts.values_list("pk", *SAYS_THE_SAME)}
    same = [
        Q(pk=oldest)
        if said[oldest][1] is None
        else Q(**dict(zip(SAYS_THE_SAME, said[oldest], strict=True)), pk__lte=newest)
        for oldest, newest in pairs
        if oldest in said
    ]
    if not same:
        return held.none()
    return held.filter(reduce(or_, same)).order_by("pk")


def address_of(kind):
    return f"{kind._meta.app_label}_{kind._meta.model_name}"
