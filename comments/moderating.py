"""What moderators decide about a comment, each decision with its way back."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max
from django.utils import timezone
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import override

from branding.site import the_site
from comments import repeats
from comments.reports import turn_of
from comments.state import CommentState
from pages.languages import own_name
from safeguards.same_words import digest
from supporters.notices.choices import NoticeDecision
from supporters.notices.models import USUAL

# The columns that a decision changes, and that an undo therefore restores.
STATE = (
    "state",
    "shown_at",
    "hidden_at",
    "hidden_by_id",
    "hidden_for",
    "hidden_words",
    "pinned_at",
    "first_decided_at",
    "appeal_outcome",
    "spam_points",
    "written_in",
)
# What showing and hiding may come to, in words of the log; anything else does nothing.
CHANGES = ("show", "keep", "hide", "uphold")
# A shorter passage is a slip: nobody wants a mark in the place of each "a".
SHORTEST_PASSAGE = 3


class Collision(Exception):
    """Somebody else was faster; the sentence says who did what."""


class NeedsAnother(Exception):
    """An appeal is decided by another moderator than the one who hid the comment."""


class CannotUndo(Exception):
    """Nothing can be undone: it is too old, undone already, or not the last one."""


class Moderating:
    """One moderator at one comment: `comment.moderated_by(cy).hide("advert")`.

    `seen` is the comment's version on the page that the moderator looked at; without it
    the decision counts whatever happened since. Every decision raises Collision, and
    does nothing, when another moderator has taken the comment, when it has changed, or
    when its owner has denied it.
    """

    def __init__(self, comment, moderator, *, seen=None, bulk_action=None):
        self.comment = comment
        self.moderator = moderator
        self.seen = seen
        self.bulk_action = bulk_action
        self.now = None

    def having_seen(self, version):
        return Moderating(
            self.comment, self.moderator, seen=version, bulk_action=self.bulk_action
        )

    def in_bulk_action(self, bulk_action):
        """Give the decisions a UUID, by which a bulk action is undone as a whole."""
        return Moderating(
            self.comment, self.moderator, seen=self.seen, bulk_action=bulk_action
        )

    def claim(self):
        """Take it for COMMENT_CLAIM_MINUTES; again extends the time. Raises Collision.

        A moderator looks at one comment at a time: others that they had taken are free.
        Who hid it cannot keep others from deciding on the appeal (NeedsAnother).
        """
        with self._locked(counts_seen=False) as (_thread, comment):
            if needs_another(comment, self.moderator):
                raise NeedsAnother
            others = type(comment).objects.filter(claimed_by=self.moderator)
            others.exclude(pk=comment.pk).update(claimed_by=None, claimed_at=None)
            if comment.queued_at is None:
                return  # decided meanwhile: nobody need be kept off
            comment.claimed_by, comment.claimed_at = self.moderator, self.now
            comment.save(update_fields=["claimed_by", "claimed_at"])
        self.comment.refresh_from_db()

    def let_go(self):
        """Let other moderators take it."""
        type(self.comment).objects.filter(
            pk=self.comment.pk, claimed_by=self.moderator
        ).update(claimed_by=None, claimed_at=None)

    def show(self):
        """Let everybody read it; if it shows already, answer its reports.

        Raises NeedsAnother when it is an appeal against this moderator's decision.
        """
        with self._locked() as (thread, comment):
            decision, before = self._outcome("show", comment), _state_of(comment)
            if decision not in CHANGES:
                return
            if comment.appeal_waits:
                comment.appeal_outcome = "granted"
            comment.spam_points = 0
            comment.become(CommentState.SHOWN, self.now)
            self._decide(thread, comment, decision, before)
        self.comment.refresh_from_db()

    def hide(self, reason, words=""):
        """Take it off the page, for a reason that its writer reads.

        To hide again what an appeal wants to show upholds the decision. That needs
        another moderator (NeedsAnother).
        """
        with self._locked() as (thread, comment):
            decision, before = self._outcome("hide", comment), _state_of(comment)
            if decision not in CHANGES:
                return
            if comment.appeal_waits:
                comment.appeal_outcome = "upheld"
            why = {"reason": reason, "words": words}
            comment.become(CommentState.HIDDEN, self.now, by=self.moderator, **why)
            self._decide(thread, comment, decision, before, **why)
        self.comment.refresh_from_db()

    def mark_spam(self):
        self.hide("spam")

    def pin(self):
        """Show the conversation first. Only first comments that show can be pinned."""
        self._pin(True)

    def unpin(self):
        self._pin(False)

    def say_language(self, language):
        """Say in which language its words are, if its page had another."""
        with self._locked() as (thread, comment):
            if comment.is_removed or comment.written_in == language:
                return
            before = _state_of(comment)
            comment.written_in = language
            comment.version += 1
            comment.save()
            self._log(comment, "language", before=before, words=own_name(language))
            thread.recount()
        self.comment.refresh_from_db()

    def note(self, words):
        """Note something for the other moderators; nobody else reads it."""
        with self._locked(counts_seen=False) as (_thread, comment):
            self._log(comment, "note", words=words)

    def redact(self, passage):
        """Remove a passage for good; True when it was there. This cannot be undone.

        It is removed from the text and from all that was written about it: the reason
        that the writer reads, the appeal, reports, notes, and the states that an undo
        restores.
        """
        passage = normalize_newlines(passage)
        with self._locked() as (_thread, comment):
            if len(passage) < SHORTEST_PASSAGE or passage not in comment.text:
                return False
            for field in ("text", "hidden_words", "appeal"):
                setattr(comment, field, redacted(comment, passage, field))
            comment.text_digest = digest(comment.text)
            comment.version += 1
            comment.save()
            for log in comment.moderations.all():
                if log.before and passage in log.before.get("hidden_words", ""):
                    log.before["hidden_words"] = ""
                if passage in normalize_newlines(log.words):
                    log.words = ""
                log.save(update_fields=["before", "words"])
            for report in comment.reports.of_readers().exclude(words=""):
                if passage in normalize_newlines(report.words):
                    report.words = ""
                    report.save(update_fields=["words"])
            self._log(comment, "redact")
        self.comment.refresh_from_db()
        return True

    def answer(self, text):
        """Reply as the campaign, with its badge; the reply shows at once. Returns it.

        Returns None when the comment does not show: nobody would see what is answered.
        """
        with self._locked() as (thread, comment):
            if not comment.is_shown:
                return None
            now = self.now
            comment.version += 1
            comment.save(update_fields=["version"])
            reply = type(comment)(
                campaign=comment.campaign,
                parent=comment,
                root_id=comment.root_id or comment.pk,
                is_answer=True,
                answered_by=self.moderator,
                name=the_site().name[:120],
                text=text,
                text_digest=digest(text),
                written_in=comment.written_in,
                created_at=now,
                state=CommentState.SHOWN,
                shown_at=now,
            )
            reply.save()
            self._log(comment, "answer")
            thread.recount(reply.root_id)
            reply.mails.tell_later()
        return reply

    def undo(self, decision=None):
        """Take back the last decision on the comment, whoever made it.

        It must not be older than UNDO_DAYS. `decision` is the one that the page offered
        to undo; if it is not the last any more, nothing is done. Raises CannotUndo when
        there is nothing to undo.
        """
        with self._locked() as (thread, comment):
            changing = comment.moderations.filter(before__isnull=False)
            last = changing.filter(undone_at=None).first()
            if last is None or decision not in (None, last):
                raise CannotUndo
            if not can_be_undone(comment, last):
                raise CannotUndo
            if last.decision == "hide" and comment.appeal_waits:
                # Nothing is left to appeal against, and the writer may appeal once
                # more.
                comment.appeal, comment.appealed_at = "", None
            for field, value in _state_from(last.before).items():
                setattr(comment, field, value)
            self._reopen_reports(comment, last)
            # It follows from the present state: a reader may have reported the comment
            # since.
            comment.queued_at, comment.turn = comment.waits_since, turn_of(comment)
            comment.version += 1
            comment.save()
            repeats.follow(comment)
            last.undone_at = self.now
            last.save(update_fields=["undone_at"])
            self._log(comment, "undo", words=str(last.get_decision_display()))
            thread.recount(comment.root_id or comment.pk)
            comment.mails.tell_later()
        self.comment.refresh_from_db()

    def _answer_reports(self, comment):
        """Decide with the comment on its reports, and on notices of illegal content."""
        open_ones = comment.reports.to_decide()
        first = open_ones.order_by("pk").first()
        if first is None:
            return
        redacted_since = comment.moderations.filter(
            decision="redact", at__gt=first.received_at
        )
        if comment.is_hidden:
            decision = NoticeDecision.REMOVED
        elif redacted_since.exists():
            decision = NoticeDecision.PART
        else:
            decision = NoticeDecision.KEPT
        said = comment.hidden_words
        open_ones.decide(decision, by=self.moderator, reasons=said, at=self.now)

    def _reopen_reports(self, comment, moderation):
        """Reopen the reports that it answered, except of networks that report again."""
        new = comment.reports.of_readers().open().exclude(network_hash="")
        answered = comment.reports.filter(decided_at=moderation.at)
        answered.exclude(law="", network_hash__in=new.values("network_hash")).reopen()

    def _pin(self, is_pinned):
        with self._locked() as (thread, comment):
            fits = comment.is_shown and comment.root_id is None
            if not fits or bool(comment.pinned_at) == is_pinned:
                return
            before = _state_of(comment)
            comment.pinned_at = self.now if is_pinned else None
            comment.version += 1
            comment.save()
            self._log(comment, "pin" if is_pinned else "unpin", before=before)
            thread.recount()
        self.comment.refresh_from_db()

    def _decide(self, thread, comment, decision, before, **why):
        comment.queued_at = comment.claimed_by = comment.claimed_at = None
        comment.first_decided_at = comment.first_decided_at or self.now
        comment.turn = USUAL
        comment.version += 1
        comment.save()
        repeats.follow(comment)
        self._answer_reports(comment)
        self._log(comment, decision, before=before, **why)
        thread.recount(comment.root_id or comment.pk)
        comment.mails.tell_later()

    def _log(self, comment, decision, **what):
        comment.moderations.create(
            decision=decision,
            by=self.moderator,
            at=self.now,
            bulk_action=self.bulk_action,
            **what,
        )

    def _outcome(self, decision, comment):
        found = outcome(decision, comment, self.moderator)
        if found == "own":
            raise NeedsAnother
        return found

    @contextmanager
    def _locked(self, *, counts_seen=True):
        with self.comment.locked() as (thread, comment):
            self.now = timezone.now()
            if counts_seen:
                self._refuse_the_unseen(comment)
                self._refuse_the_denied(comment)
            holder = claimed_by(comment)
            if holder is not None and holder != self.moderator:
                raise Collision(
                    _("%(who)s is looking at this one. We changed nothing.")
                    % {"who": holder.get_username()}
                )
            yield thread, comment

    def _refuse_the_denied(self, comment):
        if comment.by_writer.is_denied:
            raise Collision(
                _("Its owner says that it is not theirs. We changed nothing.")
            )

    def _refuse_the_unseen(self, comment):
        if self.seen is None or self.seen == comment.version:
            return
        last = comment.moderations.exclude(by=None).first()
        reported = comment.reports.aggregate(at=Max("received_at"))["at"]
        others = [comment.edited_at, comment.appealed_at, reported]
        is_older = last is not None and any(at and at > last.at for at in others)
        if last is None or is_older or last.by == self.moderator:
            raise Collision(
                _("Its writer or a reader has just changed something. Look again.")
            )
        raise Collision(
            _("%(who)s was faster: %(what)s. We changed nothing. Look again.")
            % {"who": last.by.get_username(), "what": last.get_decision_display()}
        )


def needs_another(comment, moderator):
    """Whether it is an appeal against this moderator's own decision."""
    own = moderator and moderator.pk
    return comment.appeal_waits and comment.hidden_by_id == own


def outcome(decision, comment, moderator):
    """What "show" or "hide" does to a comment in its state: one of CHANGES, or why not.

    That is the comment's state, or "own", an appeal against oneself.
    """
    if comment.is_removed:
        return "removed"
    if needs_another(comment, moderator):
        return "own"
    if decision == "show":
        kept = "keep" if comment.queued_at else "shown"
        return kept if comment.is_shown else "show"
    kept = "uphold" if comment.appeal_waits else "hidden"
    return kept if comment.is_hidden else "hide"


def claimed_by(comment):
    """Who has taken a comment and still holds it; or None."""
    limit = timezone.now() - timedelta(minutes=settings.COMMENT_CLAIM_MINUTES)
    is_live = comment.claimed_at is not None and comment.claimed_at > limit
    return comment.claimed_by if is_live else None


def redacted(comment, passage, field="text"):
    """The text with a mark, in the campaign's language, in the place of a passage."""
    with override(comment.campaign.language):
        mark = _("[removed by a moderator]")
    return normalize_newlines(getattr(comment, field)).replace(passage, mark)


def can_be_undone(comment, moderation):
    """Whether UNDO_DAYS are not over and no edit since is still unread."""
    limit = timezone.now() - timedelta(days=settings.UNDO_DAYS)
    is_edited = comment.edited_at is not None and comment.edited_at > moderation.at
    return moderation.at >= limit and not is_edited and not comment.is_removed


def _state_of(comment):
    return {
        field: value.isoformat() if hasattr(value, "isoformat") else value
        for field, value in ((field, getattr(comment, field)) for field in STATE)
    }


def _state_from(before):
    moments = {field for field in STATE if field.endswith("_at")}
    state = {
        field: datetime.fromisoformat(value) if value and field in moments else value
        for field, value in before.items()
        if field in STATE
    }
    # The moderator who hid it may not be a user any more.
    users = get_user_model().objects.filter(pk=state.get("hidden_by_id"))
    return {**state, "hidden_by_id": users.values_list("pk", flat=True).first()}
