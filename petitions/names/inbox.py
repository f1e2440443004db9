"""The names of signers in the inbox: shown or hidden, each with its way back."""

from collections import defaultdict

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from petitions.names import moderation
from petitions.names.public_name import NameDecision
from petitions.signing.models import Signature
from safeguards.judging import judgement
from staff.inbox import Done, InboxDecision, InboxRow, InboxTab, numbers
from staff.reach import to_see, within
from staff.waiting import only_of

SHOW = InboxDecision("show", _("Show the name"), "a", is_yes=True)
LEAVE = InboxDecision("show", _("Leave the name"), "a", is_yes=True)
HIDE = InboxDecision("hide", _("Hide the name"), "h")


class NamesTab(InboxTab):
    name = "names"
    label = _("Names to check")
    empty = _("No names are waiting.")
    sees = to_see(Signature)
    decides = "petitions.change_signature"
    decisions = (SHOW, HIDE)

    def hints(self, user, campaign=None):
        sentence = _(
            "These signatures count. A name with a warning stays hidden until somebody "
            "here shows it. A name that readers have reported still appears."
        )
        return [(sentence, "", "")]

    def rows(self, user, campaign=None):
        waiting = moderation.in_turn(moderation.waiting())
        return only_of(user, "petitions.view_signature", campaign, _with(waiting))

    def one(self, user, key):
        return within(user, _with(_counted().filter(pk=key)))

    def said(self, user, rows):
        """What is found in each name now, or why it was hidden; and its reports."""
        judge, reported = judgement(), defaultdict(list)
        reports = moderation.reports().filter(subject_id__in=[row.pk for row in rows])
        for report in reports.seen_by(user).order_by("pk"):
            reported[report.subject_id].append(report)
        return [self._row(each, judge, reported[each.pk]) for each in rows]

    def _row(self, signature, judge, reports):
        name = signature.public_name
        found = judge(name=signature.shown_name, city=signature.city).sentence
        found = found or signature.get_name_hidden_for_display()
        decisions = []
        if signature.name_hidden_at:
            decisions.append(SHOW)
        elif reports:
            decisions.append(LEAVE)
        if name.decision != NameDecision.HIDE or reports:
            decisions.append(HIDE)
        is_other = name.text and name.text != signature.name
        state, by = name.state, signature.name_decided_by
        return InboxRow(
            key=str(signature.pk),
            title=name.text or signature.name,
            facts=[
                *([("", signature.name)] if is_other else []),
                *([(_("Found"), capfirst(found))] if found else []),
                (_("The name"), f"{state} ({by})" if by else state),
            ],
            reports=reports,
            place=f"{signature.place} · {signature.campaign}",
            decisions=decisions,
            links=[
                (
                    _("See the signature"),
                    reverse("admin:petitions_signature_change", args=[signature.pk]),
                )
            ],
        )

    def decide(self, request, decision, keys, typed):
        counted = _counted().filter(pk__in=numbers(keys))
        done = self._decided(request, counted, lambda _signature: decision)
        done.undo = done.undo and f"{decision} {done.undo}"
        shown = ngettext("%d name is shown.", "%d names are shown.", done.number)
        hidden = ngettext("%d name is hidden.", "%d names are hidden.", done.number)
        done.said = (shown if decision == "show" else hidden) % done.number
        return done

    def undo(self, request, token):
        """Let each name be as it was, unless something has changed it since.

        `token` has what this person has decided, and pairs like “12-wait”.
        """
        decision, _space, pairs = token.partition(" ")
        pairs = (pair.partition("-")[::2] for pair in pairs.split())
        before = {
            int(key): state
            for key, state in pairs
            if key.isdecimal() and len(key) < 19 and state in NameDecision.values
        }
        mine = _counted().filter(
            pk__in=before,
            name_decided_by=request.user,
            name_hidden_at__isnull=decision == NameDecision.SHOW,
        )
        done = self._decided(request, mine, lambda found: before[found.pk])
        done.said = capfirst(_("undone"))
        return done

    def _decided(self, request, signatures, decision_on):
        mine = within(request.user, signatures.select_related("petition__campaign"))
        mine = within(request.user, mine, self.decides).order_by("pk")
        before = {}
        for signature in mine:
            name = signature.public_name
            before[signature.pk] = name.decision
            name.decide(decision_on(signature), by=request.user)
        undo = " ".join(f"{pk}-{decision}" for pk, decision in before.items())
        return Done.of(Signature, [*before], len(before), "", undo)


def page_of(key):
    """The address of the inbox with the name of one signature alone."""
    return f"{NamesTab().address}?row={key}"


def _counted():
    return Signature.objects.counted().filter(anonymised_at=None)


def _with(signatures):
    return signatures.select_related("petition__campaign", "name_decided_by")
