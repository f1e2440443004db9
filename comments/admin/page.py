"""What the desk shows about one comment."""

from django.conf import settings
from django.db.models import Count, Q
from django.utils.functional import cached_property

from comments.admin.forms import DECISIONS, WRITTEN
from comments.admin.queue import kind_of
from comments.models.comment import Comment
from comments.models.saved_reply import SavedReply
from comments.moderating import (
    CHANGES,
    can_be_undone,
    claimed_by,
    needs_another,
    outcome,
)
from comments.rules import LIKELY_SPAM, findings_of
from comments.state import CommentState
from pages.languages import own_name
from staff.reach import within
from supporters.acts.undecided import goes_at

LAST_TEXTS = 5
MOST_REPLIES = 50


class DeskPage:
    """One comment with all that a moderator needs to decide on it.

    `forms` are those that were sent and refused; they keep what was typed.
    """

    def __init__(self, comment, moderator, forms=None):
        self.comment = comment
        self.moderator = moderator
        self.sent = forms or {}

    @property
    def kind(self):
        return kind_of(self.comment)

    @property
    def goes_at(self):
        """When it is deleted if nobody decides; or None."""
        return goes_at(self.comment)

    @cached_property
    def holder(self):
        return claimed_by(self.comment)

    @property
    def is_mine(self):
        return self.holder == self.moderator

    @property
    def is_likely_spam(self):
        return self.comment.spam_points >= LIKELY_SPAM

    @property
    def findings(self):
        return findings_of(self.comment)

    @cached_property
    def reports(self):
        return list(
            self.comment.reports.to_decide().seen_by(self.moderator).order_by("pk")
        )

    @cached_property
    def log(self):
        return list(self.comment.moderations.select_related("by"))

    @property
    def notes(self):
        return [entry for entry in self.log if entry.decision == "note" and entry.words]

    @property
    def undoable(self):
        """The last decision that changed it, if it can still be undone."""
        changing = (e for e in self.log if e.before and not e.undone_at)
        last = next(changing, None)
        return last if last and can_be_undone(self.comment, last) else None

    @cached_property
    def history(self):
        return History(self.comment, self.moderator)

    @property
    def may_be_shown(self):
        return outcome("show", self.comment, self.moderator) in CHANGES

    @property
    def may_be_hidden(self):
        return outcome("hide", self.comment, self.moderator) in CHANGES

    @property
    def needs_another(self):
        return needs_another(self.comment, self.moderator)

    @property
    def may_be_answered(self):
        return self.comment.is_waiting or self.comment.is_shown

    @property
    def may_be_pinned(self):
        return self.comment.is_shown and self.comment.root_id is None

    @property
    def language(self):
        """What its language calls itself; empty on a site with one."""
        is_a_choice = len(settings.LANGUAGES) > 1
        return own_name(self.comment.language) if is_a_choice else ""

    @cached_property
    def saved_replies(self):
        """Pairs of a saved reply and its text for this comment."""
        if not self.may_be_answered:
            return []
        return [
            (reply, reply.filled_in(self.comment))
            for reply in SavedReply.objects.all()[:MOST_REPLIES]
        ]

    @cached_property
    def forms(self):
        """The forms with something to type, by name; a refused one keeps its words."""
        return {
            name: self.sent.get(name)
            or DECISIONS[name](comment=self.comment, auto_id=f"{name}_%s")
            for name in WRITTEN
        }


class History:
    """Other comments from the address of a comment's writer, if they may see them."""

    def __init__(self, comment, moderator):
        self.address = comment.confirmation and comment.confirmation.email
        self.is_confirmed = bool(comment.confirmation and comment.confirmation.used_at)
        self.was_confirmed_before = bool(
            comment.confirmation and comment.confirmation.supporter.confirmed_at
        )
        self._others = Comment.objects.none()
        if comment.confirmation:
            supporter = comment.confirmation.supporter
            others = Comment.objects.of_supporter(supporter).but_repeats()
            self._others = within(moderator, others.exclude(pk=comment.pk))

    @cached_property
    def numbers(self):
        """How many of them show, are hidden, are spam, and wait."""
        is_hidden, is_spam = Q(state=CommentState.HIDDEN), Q(hidden_for="spam")
        return self._others.aggregate(
            shown=Count("pk", filter=Q(state=CommentState.SHOWN)),
            hidden=Count("pk", filter=is_hidden & ~is_spam),
            spam=Count("pk", filter=is_hidden & is_spam),
            waiting=Count("pk", filter=Q(state=CommentState.WAITING)),
        )

    @property
    def is_first(self):
        return not any(self.numbers.values())

    @cached_property
    def last_texts(self):
        newest = self._others.select_related("campaign").order_by("-pk")
        return list(newest[:LAST_TEXTS])
