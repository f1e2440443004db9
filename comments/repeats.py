"""The same words again, from one network in one place, are one comment (decision 34).

Every post is stored with a page of its own, so that no answer tells whether somebody
was faster. A post that repeats what has just been said there points to the comment that
said it first: `repeats`. It shows nowhere, waits on no desk and is in no figure. What
is decided about the first is decided about it.

A function of the database, comments_said_first(), finds the first (migration 0002). A
trigger calls it for each comment that is stored and waits: with a transaction, a lock
and a search of its own, commenting costs 1.2 times as much (bench/run.py).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from comments.state import CommentState
from database.rows import rows_of
from safeguards.same_words import digest

# Rules by which a comment seems to come from a program; its address may be anybody's.
# comments_said_first() has them, too.
SUSPECT = ("flood", "domain", "honeypot")
# Columns that a decision on a comment also sets on its repeats.
_DECIDED = ("state", "shown_at", "hidden_at", "hidden_by", "hidden_for", "hidden_words")


class First(NamedTuple):
    """The comment that said something first, and since when it shows, if it does."""

    pk: int
    shown_at: datetime | None


def first_of(comment):
    """The comment that said before what this new one says, or None.

    Call it in the transaction that stores the new one: the same post at the same moment
    waits here for its end, and no other post does. A comment that is held, hidden or
    removed does not count. Without a network, senders cannot be told apart.
    """
    if not comment.network_hash:
        return None
    found = rows_of(
        "SELECT pk, shown_at FROM comments_said_first(%s, %s, %s, %s, %s, %s)",
        [
            *(comment.campaign_id, comment.parent_id, comment.network_hash),
            *(comment.text_digest, comment.text, comment.created_at),
        ],
    )
    # After a confirmation, several may have said it: the one that shows comes first.
    firsts = [First(*row) for row in found]
    return min(firsts, key=lambda first: first.shown_at is None, default=None)


def settle(comment, first):
    """Make a new comment, not stored yet, a repeat of the first, if there is one.

    A comment that shows at once is no repeat of one that waits.
    """
    if first and (first.shown_at or not comment.shown_at):
        comment.repeats_id, comment.queued_at = first.pk, None


def follow(comment):
    """Apply what was decided about a comment to its repeats.

    Their owners are told, as the comment's own is.
    """
    mine = (
        type(comment)
        .objects.filter(repeats=comment)
        .exclude(state=CommentState.REMOVED)
    )
    decided = {field: getattr(comment, field) for field in _DECIDED}
    if mine.update(**decided, version=F("version") + 1):
        own = comment.confirmation and comment.confirmation.supporter_id
        others = mine.exclude(confirmation__supporter=own)
        for repeat in others.select_related("campaign", "confirmation__supporter"):
            repeat.mails.tell_writer_later()


def stand_alone(comment):
    """Let a repeat wait for a moderator by itself, now that its owner has confirmed it.

    It says what somebody else has said, so nobody would look at it. If its owner has
    said the same before, it repeats that. If it was hidden together with the first, it
    stays hidden: its owner is told why, and may appeal.
    """
    rows = type(comment).objects.select_related("repeats")
    mine = rows.select_for_update(no_key=True, of=("self",)).get(pk=comment.pk)
    if not mine.repeats or mine.is_hidden or mine.repeats.writer == mine.writer:
        return
    own = comment.by_writer.said_before()
    comment.repeats = own
    comment.become(own.state if own else CommentState.WAITING, own and own.shown_at)
    comment.queued_at = None if own else timezone.now()
    comment.version = mine.version + 1
    changed = ["repeats", "state", "shown_at", "queued_at", "version"]
    comment.save(update_fields=changed)


def hand_on(comment):
    """Put the next repeat in the place of a comment that was changed or emptied.

    It waits for a moderator, unless it was hidden together with the comment.
    """
    rows = type(comment).objects.filter(repeats=comment.pk)
    heir = rows.exclude(state=CommentState.REMOVED).order_by("pk").first()
    if heir is not None:
        rows.update(repeats=heir)
        heir.by_writer.drop_finding("duplicate")  # of the comment whose place it takes
        heir.repeats = heir.shown_at = None
        if not heir.is_hidden:
            heir.become(CommentState.WAITING)
        heir.queued_at = None if heir.is_hidden else timezone.now()
        changed = ("repeats", "state", "shown_at", "queued_at")
        heir.save(update_fields=(*changed, "findings", "spam_points"))


def said_before(campaign, text, but=None):
    """SQL and values that find the row SAID_BEFORE if the campaign has these words.

    Another comment must have said them in the last 30 days. `but` is the comment itself
    when it is changed.
    """
    since = timezone.now() - timedelta(days=30)
    return _SAID, [campaign.pk, digest(text), since, but.pk if but else 0]


SAID_BEFORE = "said before"
_SAID = f"""SELECT '{SAID_BEFORE}', '' WHERE EXISTS (
    SELECT FROM comments_comment
    WHERE campaign_id = %s AND text_digest = %s AND text_digest <> ''
      AND created_at > %s AND repeats_id IS NULL AND id <> %s)"""
