"""Held acts in the inbox: signatures, letters and wishes for updates in one place.

Staff see the kinds that they may change. Posts that say the same under one campaign are
one row, and are decided on together.
"""

from collections import defaultdict

from django.conf import settings
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.local_time import in_words, zone_of
from staff.audit import trail
from staff.audit.models import AuditEntry
from staff.inbox import Done, InboxRow, InboxTab
from staff.waiting import only_of
from supporters.acts.act import HoldableAct
from supporters.acts.deciding import DECISIONS, Forecast, said
from supporters.acts.held_lines import (
    MOST_ROWS,
    like,
    lines_of,
    pair_of,
    put_acts_into,
)


class HeldTab(InboxTab):
    name = "held"
    label = _("Held items")
    empty = _(
        "Nothing is held. What our checks find doubtful waits here until somebody "
        "releases or rejects it."
    )
    decisions = DECISIONS

    def may_open(self, user):
        return bool(_kinds(user))

    may_decide = may_open

    def count(self, user, campaign=None):
        return sum(held_of(user, campaign, kind).count() for kind in _kinds(user))

    def hints(self, user, campaign=None):
        days = settings.KEEP_WITHDRAWN_DAYS
        sentence = ngettext(
            "We have not emailed anybody about these yet. If you release one, we ask "
            "its owner to confirm. If you reject one, we ask nobody, and delete it "
            "after %(counter)s day. You cannot undo that. We email owners who have "
            "confirmed their address here before.",
            "We have not emailed anybody about these yet. If you release one, we ask "
            "its owner to confirm. If you reject one, we ask nobody, and delete it "
            "after %(counter)s days. You cannot undo that. We email owners who have "
            "confirmed their address here before.",
            days,
        )
        return [(sentence % {"counter": days}, "", "")]

    def rows(self, user, campaign=None):
        return [
            line
            for kind in _kinds(user)
            for line in lines_of(held_of(user, campaign, kind))
        ]

    def said(self, user, rows):
        put_acts_into(rows)
        return [_row(line) for line in rows]

    def seen(self, rows):
        seen = defaultdict(list)
        for line in rows:
            seen[line.kind._meta.label_lower].append(line.oldest)
        return list(seen.items())

    def ask(self, request, decision, keys, *, form, **page):
        """Ask before rejecting: it cannot be undone, and a row can be very many."""
        chosen = self._chosen(request.user, keys)
        for kind, pks in chosen.items():
            label = kind._meta.label_lower
            trail.note(request, AuditEntry.Kind.LISTED, label, pks, action="inbox")
        acts = [kind.objects.filter(pk__in=pks) for kind, pks in chosen.items()]
        return Forecast(decision.name, *acts).ask(request, **page)

    def decide(self, request, decision, keys, typed):
        done = []
        for kind, pks in self._chosen(request.user, keys).items():
            acts = kind.objects.filter(pk__in=pks)
            number = getattr(acts, decision)(by=request.user)
            done.append((kind._meta.label_lower, pks, number))
        number = sum(number for _label, _pks, number in done)
        return Done(said(decision, number), done)

    def _chosen(self, user, keys):
        """The keys of the acts of these rows that are still held, by their kind."""
        kinds = {kind._meta.label_lower: kind for kind in _kinds(user)}
        pairs = defaultdict(list)
        for key in keys:
            label, _dash, pair = key.partition("-")
            try:
                pairs[kinds[label]].append(pair_of(pair))
            except (KeyError, ValueError):
                continue
        found = {}
        for kind, some in pairs.items():
            acts = like(held_of(user, None, kind), some)
            found[kind] = list(acts.values_list("pk", flat=True)[:MOST_ROWS])
        return {kind: pks for kind, pks in found.items() if pks}


def held_of(user, campaign, kind):
    """The held acts of a kind on which somebody may decide; of one campaign or all."""
    return only_of(user, _permission(kind), campaign, kind.objects.held())


def _row(line):
    act = line.act
    links = [(_("Look at it"), line.page)]
    if line.number > 1:
        all_of_it = _("Look at all %(shown)s") % {"shown": line.number}
        links = [(_("Look at the first"), line.page), (all_of_it, line.list_page)]
    return InboxRow(
        key=line.key,
        title=act.in_short,
        excerpt=Truncator(act.excerpt).chars(300),
        facts=[
            (act._meta.verbose_name, capfirst(line.reason)),
            *([("", _posted(line))] if line.number > 1 else []),
            (_("held"), in_words(act.held_at, zone_of(act.campaign))),
        ],
        place=act.campaign or _("All campaigns"),
        decisions=DECISIONS,
        links=links,
    )


def _posted(line):
    people = len(line.addresses)
    words = ngettext(
        "Posted %(number)s times, with %(shown)s email address.",
        "Posted %(number)s times, with %(shown)s email addresses.",
        people,
    )
    return words % {"number": line.number, "shown": people}


def _kinds(user):
    """The kinds on which somebody may decide, a follow last: it often came along."""
    kinds = [kind for kind in HoldableAct.kinds() if user.has_perm(_permission(kind))]
    return sorted(kinds, key=lambda kind: kind._meta.app_label == "supporters")


def _permission(kind):
    return f"{kind._meta.app_label}.change_{kind._meta.model_name}"
