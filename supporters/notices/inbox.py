"""Notices of illegal content in the inbox, and any report of which nobody else decides.

Of several notices about the same content there is one row, and one answer may go to
all of them.
"""

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.local_time import in_words, zone_of
from staff.inbox import (
    Asked,
    Done,
    InboxDecision,
    InboxRow,
    InboxTab,
    ask_first,
    numbers,
)
from staff.reach import sees_everywhere, to_see, within
from staff.waiting import only_of
from supporters.notices.choices import KINDS
from supporters.notices.forms import NoticeDecisionForm
from supporters.notices.models import Report
from supporters.notices.place import desk_of

CHANGE = "supporters.change_report"
DECIDE = InboxDecision(
    "answer",
    _("Decide"),
    "a",
    title=_("Decide on them together"),
    is_yes=True,
    form=NoticeDecisionForm,
)


class ReportsTab(InboxTab):
    name = "reports"
    label = Report._meta.verbose_name_plural
    empty = _("Nothing is waiting. Thank you.")
    sees = to_see(Report)
    decides = CHANGE
    decisions = (DECIDE,)

    def hints(self, user, campaign=None):
        sentence = _(
            "First open the content, and hide, change or keep it. Then write down here "
            "what you did."
        )
        return [(sentence, "", "")]

    def rows(self, user, campaign=None):
        notices = only_of(user, "supporters.view_report", campaign, _seen_by(user))
        return notices.notices().one_for_each_place().in_turn()

    def one(self, user, key):
        return within(user, _seen_by(user).filter(pk=key))

    def said(self, user, rows):
        return [_row(each) for each in rows]

    def form(self, request, decision, keys, data):
        chosen, same = self._chosen(request.user, keys)
        form = NoticeDecisionForm(data, others=same.count(), up_to=same.newest())
        if not any(notice.law for notice in chosen):
            del form.fields["reasons"]  # nobody would read them
        return form

    def ask(self, request, decision, keys, **page):
        chosen, _same = self._chosen(request.user, keys)
        sample = [f"{each.location}: {each.words}" for each in chosen]
        asked = Asked([], len(chosen), sample)
        return ask_first(request, asked, decision=decision, **page)

    def decide(self, request, decision, keys, typed):
        """Decide on these, and on all others about the same if that is wished."""
        chosen, same = self._chosen(request.user, keys)
        mine = Report.objects.filter(pk__in=[each.pk for each in chosen])
        if typed.get("all_of_it"):
            mine |= same.up_to(typed["up_to"])
        keys = list(mine.to_decide().values_list("pk", flat=True))
        at, by = timezone.now(), request.user
        reasons = typed.get("reasons", "")
        number = mine.decide(typed["outcome"], by=by, reasons=reasons, at=at)
        said = ngettext(
            "%d notice decided. We email the person who sent it in a few minutes.",
            "%d notices decided. We email the people who sent them in a few minutes.",
            number,
        )
        return Done.of(Report, keys, number, said % number, undo=at.isoformat())

    def undo(self, request, token):
        """Let wait again what this person has decided at this moment."""
        try:
            at = parse_datetime(token)
        except ValueError:
            at = None
        mine = Report.objects.filter(decided_by=request.user)
        mine = mine.filter(decided_at=at) if at and at.tzinfo else mine.none()
        mine = within(request.user, mine, CHANGE)
        keys = list(mine.values_list("pk", flat=True))
        number = Report.objects.filter(pk__in=keys).reopen()
        return Done.of(Report, keys, number, capfirst(_("undone")))

    def _chosen(self, user, keys):
        """Those of the keys on which they decide here, and others about the same."""
        mine = _seen_by(user).to_decide().filter(pk__in=numbers(keys))
        mine = within(user, mine, CHANGE)
        chosen = [each for each in mine.order_by("-pk") if not desk_of(each)]
        contents = [each.content for each in chosen if each.law]
        same = Report.objects.notices().open().filter(content__in=contents)
        same = same.exclude(pk__in=[each.pk for each in chosen])
        return chosen, within(user, same, CHANGE)


def page_of(notice):
    """The address of the inbox with this report alone."""
    return f"{ReportsTab().address}?row={notice.pk}"


def not_hidden(user, rows):
    """Those that tell nothing of a comment or a name that this person may not see."""
    for subject, label in KINDS.items():
        if not sees_everywhere(user, label):
            named = to_see(apps.get_model(label))
            seen = within(user, Report.objects.all(), *named)
            of_readers = Q(law="", subject=subject)
            rows = rows.exclude(of_readers & ~Q(pk__in=seen.values("pk")))
    return rows


def _seen_by(user):
    rows = Report.objects.with_others(within(user, Report.objects.all()))
    return not_hidden(user, rows.select_related("campaign"))


def _row(notice):
    desk = desk_of(notice) if notice.can_be_decided else ""
    received = in_words(notice.received_at, zone_of(notice.campaign))
    facts = [(_("Received"), received)]
    if notice.others:
        facts.append((_("others waiting"), notice.others))
    page = reverse("admin:supporters_report_change", args=[notice.pk])
    links = [(notice.location, notice.url), (_("Look at it"), page)]
    if desk:
        links.append((_("Decide at the moderators’ desk"), desk))
    return InboxRow(
        key=str(notice.pk),
        title=f"{notice.reference} · {notice.what}",
        excerpt=Truncator(notice.words).chars(300),
        facts=facts,
        place=notice.campaign or "",
        decisions=[DECIDE] if notice.can_be_decided and not desk else [],
        links=links,
    )
