"""Wrong words in the inbox: who corrects one says that it is done."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.local_time import in_words, zone_of
from pages.languages import own_name
from staff.inbox import Done, InboxDecision, InboxRow, InboxTab, numbers
from staff.reach import to_see, within
from staff.waiting import only_of
from translations.waiting import CORRECTS
from translations.word_reports.models import WordReport

DONE = InboxDecision("settle", _("Done"), "a", is_yes=True)


class WordsTab(InboxTab):
    name = "words"
    label = WordReport._meta.verbose_name_plural
    empty = _("Nothing is waiting. Thank you.")
    sees = to_see(WordReport)
    decides = CORRECTS
    decisions = (DONE,)

    def rows(self, user, campaign=None):
        """Those that nobody has dealt with; what looks like advertising comes last."""
        rows = only_of(user, "translations.view_wordreport", campaign, _open())
        return rows.order_by("is_suspect", "pk")

    def said(self, user, rows):
        return [_row(report) for report in rows]

    def decide(self, request, decision, keys, typed):
        mine = WordReport.objects.open().filter(pk__in=numbers(keys))
        keys = list(within(request.user, mine, CORRECTS).values_list("pk", flat=True))
        number = WordReport.objects.filter(pk__in=keys).settle(by=request.user)
        said = ngettext("%d wrong word is done.", "%d wrong words are done.", number)
        undo = " ".join(map(str, keys))
        return Done.of(WordReport, keys, number, said % number, undo)

    def undo(self, request, token):
        mine = WordReport.objects.filter(pk__in=numbers(token.split()))
        mine = within(request.user, mine.filter(settled_by=request.user), CORRECTS)
        keys = list(mine.values_list("pk", flat=True))
        number = WordReport.objects.filter(pk__in=keys).unsettle()
        return Done.of(WordReport, keys, number, capfirst(_("undone")))


def _open():
    return WordReport.objects.open().select_related("campaign")


def _row(report):
    facts = [(report._meta.get_field("better").verbose_name, report.better)]
    links = [(report.location, report.url)]
    if report.is_suspect:
        facts.append(("", capfirst(report._meta.get_field("is_suspect").verbose_name)))
    if report.translation_page:
        links.append((_("Open the translation"), report.translation_page))
    at = in_words(report.reported_at, zone_of(report.campaign))
    return InboxRow(
        key=str(report.pk),
        title=report.words,
        facts=[*facts, ("", f"{own_name(report.language)}, {at}")],
        place=report.campaign or "",
        decisions=[DONE],
        links=links,
    )
