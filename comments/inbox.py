"""Comments in the inbox: approved or hidden there, and undone together.

A row says what a moderator needs for most of them; its page (comments/admin/desk.py)
has the rest. The list of all comments asks here, too, before it decides on many.
"""

import uuid
from collections import Counter, defaultdict

from django.contrib import messages
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comments.admin.forecast import forecast
from comments.admin.forms import ReasonFields
from comments.admin.queue import KINDS, Queue, kind_of
from comments.models.comment import Comment
from comments.models.moderation import Moderation
from comments.moderating import (
    CHANGES,
    CannotUndo,
    Collision,
    NeedsAnother,
    claimed_by,
    outcome,
)
from comments.rules import LIKELY_SPAM, findings_of
from comments.waiting import DECIDES
from pages.templatetags.punctuation import colon
from staff.audit import trail
from staff.audit.models import AuditEntry
from staff.inbox import Done, InboxDecision, InboxRow, InboxTab, ask_first
from staff.reach import to_see, within
from supporters.notices.choices import Subject
from supporters.notices.models import Report

LABEL = Comment._meta.label_lower
# Each decision is a transaction of its own, and somebody waits for the request.
MOST = 500
SHOW = InboxDecision(
    "show", _("Approve"), "a", title=_("Approve comments"), is_yes=True
)
HIDE = InboxDecision(
    "hide", _("Hide"), "h", title=_("Hide comments"), form=ReasonFields
)
SPAM = InboxDecision("spam", _("Spam"), "x", title=_("Hide comments as spam"))


class CommentsTab(InboxTab):
    name = "comments"
    label = Comment._meta.verbose_name_plural
    empty = _("Nothing is waiting. Thank you.")
    sees = to_see(Comment)
    decides = DECIDES
    decisions = (SHOW, HIDE, SPAM)

    def count(self, user, campaign=None):
        return Queue(user, campaign).total

    def hints(self, user, campaign=None):
        queue = Queue(user, campaign)
        if not (number := queue.in_other_languages):
            return []
        words = ngettext(
            "%(counter)s more waits in a language that you have not chosen.",
            "%(counter)s more wait in languages that you have not chosen.",
            number,
        )
        page = reverse("account_language")
        return [(words % {"counter": number}, _("Languages that you read"), page)]

    def rows(self, user, campaign=None):
        rows = Queue(user, campaign).rows
        return rows.select_related("campaign", "claimed_by", "hidden_by")

    def said(self, user, rows):
        waiting = Report.objects.to_decide().filter(subject=Subject.COMMENT)
        reports = defaultdict(list)
        mine = waiting.filter(subject_id__in=[row.pk for row in rows])
        for report in mine.seen_by(user).order_by("pk"):
            reports[report.subject_id].append(report)
        return [_row(each, user, reports[each.pk]) for each in rows]

    def ask(self, request, decision, keys, **page):
        chosen = _chosen(keys)
        comments = self._mine(request, Comment.objects.filter(pk__in=chosen))
        seen = [comment.pk for comment in comments]
        trail.note(request, AuditEntry.Kind.LISTED, LABEL, seen, action="inbox")
        return self.ask_about(request, decision, comments, **page)

    def ask_about(self, request, decision, comments, **page):
        """Ask before a decision on these comments, a queryset: what it will do."""
        comments = comments.select_related("claimed_by").order_by("pk")
        total, comments = comments.count(), list(comments[:MOST])
        question = forecast(decision.name, comments, request.user, total)
        page.setdefault("form", decision.form and decision.form())
        page["hidden"] = [
            ("decision", decision.name),
            ("sure", "1"),
            ("row", " ".join(map(_key, comments))),
        ]
        return ask_first(request, question, decision=decision, **page)

    def decide(self, request, decision, keys, typed):
        """Decide on each comment that is as it was seen."""
        verb = {
            "show": lambda by: by.show(),
            "hide": lambda by: by.hide(typed["reason"], typed["words"]),
            "spam": lambda by: by.mark_spam(),
        }[decision]
        chosen = _chosen(keys)
        rows = Comment.objects.filter(pk__in=chosen)
        pairs = [(row, chosen[row.pk]) for row in self._mine(request, rows)]
        return self._each(request, pairs, verb)

    def undo(self, request, token):
        """Undo each of these decisions that is still the last one on its comment."""
        decisions = Moderation.objects.filter(undone_at=None, before__isnull=False)
        if token.isdecimal() and len(token) < 19:
            decisions = decisions.filter(pk=token)
        else:
            decisions = decisions.filter(bulk_action=_uuid(token))
        last = {each.comment_id: each for each in self._mine(request, decisions)}
        rows = self._mine(request, Comment.objects.filter(pk__in=last))
        pairs = [(row, None) for row in rows]
        return self._each(request, pairs, lambda by: by.undo(last[by.comment.pk]))

    def _mine(self, request, rows):
        return within(request.user, rows, DECIDES).order_by("pk")

    def _each(self, request, pairs, verb):
        """Call the verb on each comment, given with the version that was seen."""
        bulk_action, refused = uuid.uuid4(), 0
        for comment, seen in pairs:
            moderating = comment.moderated_by(request.user).having_seen(seen)
            try:
                verb(moderating.in_bulk_action(bulk_action))
            except (Collision, NeedsAnother, CannotUndo):
                refused += 1
        if refused:
            said = ngettext(
                "%(n)d had changed in the meantime, and stays as it is.",
                "%(n)d had changed in the meantime, and stay as they are.",
                refused,
            )
            messages.warning(request, said % {"n": refused})
        made = Moderation.objects.filter(bulk_action=bulk_action)
        counts = Counter(capfirst(each.get_decision_display()) for each in made)
        said = ", ".join(f"{words}{colon()}{n}" for words, n in counts.items())
        keys = [each.comment_id for each in made]
        return Done.of(Comment, keys, len(keys), said, undo=str(bulk_action))


def _row(comment, user, reports):
    kind = KINDS[kind_of(comment)]
    is_spam = comment.spam_points >= LIKELY_SPAM
    facts = [("", f"{kind}, {_('Likely spam')}" if is_spam else kind)]
    if found := findings_of(comment):
        facts.append((_("What the rules found"), ", ".join(map(str, found))))
    if comment.is_hidden:
        facts.append((_("Hidden"), f"{comment.reason} {comment.hidden_words}"))
    if comment.appeal_waits:
        facts.append((_("The writer appeals"), comment.appeal))
    holder = claimed_by(comment)
    if holder and holder != user:
        who = {"who": holder.get_username()}
        facts.append(("", gettext("%(who)s is looking at it.") % who))
    fits = {
        "show": outcome("show", comment, user) in CHANGES,
        "hide": outcome("hide", comment, user) in CHANGES,
    }
    fits["spam"] = fits["hide"] and not comment.appeal_waits
    return InboxRow(
        key=_key(comment),
        title=comment.name or "–",
        excerpt=Truncator(comment.text).chars(800),
        facts=facts,
        reports=reports,
        place=comment.campaign,
        decisions=[each for each in CommentsTab.decisions if fits[each.name]],
        links=[(_("Look at it"), reverse("admin:comments_desk", args=[comment.pk]))],
    )


def _key(comment):
    """A comment with the version that was looked at, as in “12-3”."""
    return f"{comment.pk}-{comment.version}"


def _chosen(keys):
    """The versions that were looked at, by the keys of the comments."""
    pairs = (pair.partition("-")[::2] for pair in " ".join(keys).split())
    found = {
        int(pk): int(version)
        for pk, version in pairs
        if all(map(str.isdecimal, (pk, version))) and len(pk) < 19 and len(version) < 10
    }
    return dict(list(found.items())[:MOST])


def _uuid(token):
    try:
        return uuid.UUID(token)
    except ValueError:
        return uuid.uuid4()  # which nothing has
