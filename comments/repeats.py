"""The same words again, from one network in one place, are one comment (decision 40).

Every post is stored with a page of its own, so that no answer tells whether somebody
was faster. A post that repeats what has just been said there points to the comment that
said it first: `repeats`. It shows nowhere, waits on no desk and is in no figure. What
is decided about the first is decided about it.
"""

from datetime import timedelta
from hashlib import sha256

from django.apps import apps
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from database.prepared import Given, PreparedQuery
from safeguards.same_words import digest

WITHIN = timedelta(minutes=10)
# Rules by which a comment seems to come from a program; its address may be anybody's.
SUSPECT = ("flood", "domain", "honeypot")
_IS_SUSPECT = Q()
for _rule in SUSPECT:
    _IS_SUSPECT |= Q(findings__contains=[[_rule]])
# Columns that a decision on a comment also sets on its repeats.
_DECIDED = ("shown_at", "hidden_at", "hidden_by", "hidden_for", "hidden_words")


def first_of(comment):
    """The comment that said before what this new one says, or None.

    Call it in the transaction that stores the new one: the same post at the same moment
    waits here for its end, and no other post does. A comment that is held, hidden or
    removed does not count. Without a network, senders cannot be told apart.
    """
    if not comment.network_hash:
        return None
    _one_at_a_time(comment)
    found = _SAME.rows(
        campaign=comment.campaign_id,
        parent=comment.parent_id or 0,
        network_hash=comment.network_hash,
        digest=comment.text_digest,
        text=comment.text,
        since=comment.created_at - WITHIN,
    )
    return next(iter(found), None)


def settle(comment, first):
    """Make a new comment, not stored yet, a repeat of the first, if there is one.

    A comment that shows at once is no repeat of one that waits.
    """
    if first and (first.is_shown or not comment.shown_at):
        comment.repeats, comment.queued_at = first, None


def settle_waiting(comment, first):
    """The other way round: `comment` shows, so a waiting `first` repeats it."""
    if first and comment.repeats is None:
        waiting = Q(pk=first.pk, queued_at__isnull=False, shown_at=None)
        rows = type(comment).objects.filter(waiting | Q(repeats=first))
        rows.update(repeats=comment, queued_at=None, version=F("version") + 1)
        follow(comment)


def follow(comment):
    """Apply what was decided about a comment to its repeats.

    Their owners are told, as the comment's own is.
    """
    mine = type(comment).objects.filter(repeats=comment, removed_at=None)
    decided = {field: getattr(comment, field) for field in _DECIDED}
    if mine.update(**decided, version=F("version") + 1):
        own = comment.confirmation and comment.confirmation.supporter_id
        others = mine.exclude(confirmation__supporter=own)
        for repeat in others.select_related("campaign", "confirmation__supporter"):
            repeat.mails.tell_writer_later()


def hand_on(comment):
    """Put the next repeat in the place of a comment that was changed or emptied.

    It waits for a moderator, unless it was hidden together with the comment.
    """
    rows = type(comment).objects.filter(repeats=comment.pk, removed_at=None)
    heir = rows.order_by("pk").first()
    if heir is not None:
        type(comment).objects.filter(repeats=comment.pk).update(repeats=heir)
        heir.repeats, heir.shown_at = None, None
        heir.queued_at = None if heir.hidden_at else timezone.now()
        heir.save(update_fields=["repeats", "shown_at", "queued_at"])


def said_before(campaign, text, but=None):
    """SQL and values that find the row SAID_BEFORE if the campaign has these words.

    Another comment must have said them in the last 30 days. `but` is the comment itself
    when it is changed.
    """
    since = timezone.now() - timedelta(days=30)
    return _SAID, [campaign.pk, digest(text), since, but.pk if but else 0]


def _one_at_a_time(comment):
    words = comment.text_digest or comment.text
    place = f"{comment.campaign_id} {comment.parent_id} {comment.network_hash} {words}"
    key = int.from_bytes(sha256(place.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


SAID_BEFORE = "said before"
_SAID = f"""SELECT '{SAID_BEFORE}', '' WHERE EXISTS (
    SELECT FROM comments_comment
    WHERE campaign_id = %s AND text_digest = %s AND text_digest <> ''
      AND created_at > %s AND repeats_id IS NULL AND id <> %s)"""
# The row is locked, so that a decision about the first finds the new one, too. There is
# no LIMIT, with which PostgreSQL reads the whole thread in the order of its keys.
_SAME = PreparedQuery(
    lambda: (
        apps.get_model("comments", "Comment")
        .objects.alias(answered=Coalesce("parent", 0))
        .filter(
            ~Q(text_digest="") | Q(text=Given("text")),  # signs alone have no digest
            campaign=Given("campaign"),
            text_digest=Given("digest"),
            created_at__gt=Given("since"),
            repeats=None,
            answered=Given("parent"),
            network_hash=Given("network_hash"),
            hidden_at=None,
            removed_at=None,
        )
        .exclude(_IS_SUSPECT, shown_at=None)
        .only("shown_at", "hidden_at", "removed_at", "repeats")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
)
