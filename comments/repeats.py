"""The same words again, from one network in one place: one comment (decision 40).

Every post is stored with a page of its own, so that no answer tells whether somebody
was faster. A post that says again what has just been said there holds a key to the
comment that said it first: `repeats`. It shows nowhere, waits on no desk and is in no
figure; what is decided about the first is decided about it.
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
# What came like a program's; its address may be anybody's.
SUSPECT = ("flood", "domain", "honeypot")
_IS_SUSPECT = Q()
for _rule in SUSPECT:
    _IS_SUSPECT |= Q(findings__contains=[[_rule]])
# What is decided about a comment, and so about those that say the same.
_DECIDED = ("shown_at", "hidden_at", "hidden_by", "hidden_for", "hidden_words")


def first_of(comment):
    """The comment that says already what this new one says, or None.

    Call it in the transaction that stores it: who posts the same at this moment waits
    here for its end, and nobody else does. What is held, hidden or removed is no such
    comment. Without a network, nobody can be told from anybody.
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
    """Let a new comment, not stored yet, be a repeat of the first, if there is one.

    One that shows at once does not wait for one that waits.
    """
    if first and (first.is_shown or not comment.shown_at):
        comment.repeats, comment.queued_at = first, None


def settle_waiting(comment, first):
    """The other way round: it shows, and what said the same waits no more."""
    if first and comment.repeats is None:
        waiting = Q(pk=first.pk, queued_at__isnull=False, shown_at=None)
        rows = type(comment).objects.filter(waiting | Q(repeats=first))
        rows.update(repeats=comment, queued_at=None, version=F("version") + 1)
        follow(comment)


def follow(comment):
    """What is decided about a comment is decided about those that repeat it.

    Their owners are told as its own is.
    """
    mine = type(comment).objects.filter(repeats=comment, removed_at=None)
    decided = {field: getattr(comment, field) for field in _DECIDED}
    if mine.update(**decided, version=F("version") + 1):
        own = comment.confirmation and comment.confirmation.supporter_id
        others = mine.exclude(confirmation__supporter=own)
        for repeat in others.select_related("campaign", "confirmation__supporter"):
            repeat.mails.tell_writer_later()


def hand_on(comment):
    """A comment says something else now, or nothing: the next one takes its place.

    That one waits for a moderator, unless it was hidden with the first.
    """
    rows = type(comment).objects.filter(repeats=comment.pk, removed_at=None)
    heir = rows.order_by("pk").first()
    if heir is not None:
        type(comment).objects.filter(repeats=comment.pk).update(repeats=heir)
        heir.repeats, heir.shown_at = None, None
        heir.queued_at = None if heir.hidden_at else timezone.now()
        heir.save(update_fields=["repeats", "shown_at", "queued_at"])


def said_before(campaign, text, but=None):
    """SQL and values that find one row, SAID_BEFORE, when another comment of the last
    30 days says this in the campaign.

    `but` is the comment itself when it is written anew.
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
# Locked, so that a decision about the first finds the new one, too. Without a LIMIT,
# with which PostgreSQL reads the whole thread in the order of its keys.
_SAME = PreparedQuery(
    lambda: (
        apps.get_model("comments", "Comment")
        .objects.alias(answered=Coalesce("parent", 0))
        .filter(
            ~Q(text_digest="") | Q(text=Given("text")),  # of signs alone
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
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
)
