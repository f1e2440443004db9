"""Posts that are held and say the same under one campaign are one line."""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from supporters.acts.act import HoldableAct
from supporters.acts.holding import HELD_FOR

# The oldest ones; what comes after them has its turn when these are decided on.
MOST_ROWS = 10_000
# And waits for the same reason, which is all that the line says of it.
SAYS_THE_SAME = ("confirmation__campaign", "confirmation__said", "held_for")


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
        return reverse(f"admin:{address_of(self.act)}_change", args=[self.act.pk])

    @property
    def list_page(self):
        """All of its acts, in the list of their kind."""
        address = reverse(f"admin:{address_of(self.act)}_changelist")
        return f"{address}?{LineFilter.parameter_name}={self.value}"


class LineFilter(admin.SimpleListFilter):
    """In the list of a kind: what of a line of this desk is held still."""

    title = _("posts that say the same")
    parameter_name = "line"

    def lookups(self, request, model_admin):
        # Also of what is no line: or the list would show everything.
        return [(self.value(), _("these"))] if self.value() else []

    def queryset(self, request, acts):
        if not self.value():
            return acts
        try:
            pair = pair_of(self.value())
        except ValueError:
            return acts.none()
        return acts.filter(pk__in=like(acts.model, [pair]).values("pk"))


def pair_of(value):
    oldest, _dash, newest = value.partition("-")
    pair = int(oldest), int(newest)
    if not all(0 < key < 2**63 for key in pair):
        raise ValueError(value)
    return pair


def lines_of(kind):
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


def put_acts_into(lines, kind):
    acts = kind.objects.for_pages().select_related(
        "confirmation__supporter", "confirmation__campaign"
    )
    found = acts.in_bulk([line.oldest for line in lines])
    for line in lines:
        line.act = found[line.oldest]
        line.act.campaign = line.act.confirmation.campaign


def like(kind, pairs):
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


def address_of(kind):
    return f"{kind._meta.app_label}_{kind._meta.model_name}"
