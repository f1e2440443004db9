"""A thread in pages: whole conversations, or one conversation's replies.

What a page costs depends on what it shows, not on how many comments there are: the
counts are kept in the thread's row, and one statement brings the rows, each reply list
cut off by the index.
"""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from comments.models import Comment, Thread
from comments.models.comment import CONVERSATION, SHOWN

COLUMNS = (
    "c.id, c.campaign_id, c.root_id, c.parent_id, c.name, c.text, c.is_answer, "
    "c.written_at, c.edited_at, c.shown_at, c.hidden_at, c.hidden_for, c.removed_at, "
    "c.pinned_at, c.reply_count"
)
IS_SHOWN = "{0}.shown_at IS NOT NULL AND {0}.hidden_at IS NULL"
# Written as the partial index "shown_conversations" has it.
CONVERSATIONS = f"""
SELECT c.id, c.pinned_at IS NULL AS place FROM comments_comment c
WHERE c.campaign_id = %s AND c.root_id IS NULL AND c.pinned_at IS {{pinned}}
  AND (({IS_SHOWN.format("c")}) OR c.reply_count > 0)
ORDER BY c.id {{direction}} OFFSET %s LIMIT %s
"""
# First comments, then of each some replies, with the name of whom they answer.
WITH_REPLIES = f"""
WITH page AS (
    SELECT id, row_number() OVER (ORDER BY place, id {{direction}}) AS place
    FROM ({{conversations}}) AS found
)
SELECT {COLUMNS}, page.place, NULL AS answers, NULL::boolean AS answers_shown
FROM page JOIN comments_comment c ON c.id = page.id
UNION ALL
SELECT reply.* FROM page CROSS JOIN LATERAL (
    SELECT {COLUMNS}, page.place, parent.name, {IS_SHOWN.format("parent")}
    FROM comments_comment c JOIN comments_comment parent ON parent.id = c.parent_id
    WHERE c.root_id = page.id AND {IS_SHOWN.format("c")}
    ORDER BY c.id OFFSET %s LIMIT %s
) AS reply
ORDER BY place, id
"""


class NoSuchPage(Exception):
    """The thread has no page of this number."""


@dataclass(frozen=True)
class Order:
    """A way through the thread; its name stands in the address."""

    name: str
    view: str
    direction: str

    def url(self, campaign, number):
        kwargs = {"slug": campaign.slug}
        if number > 1:
            kwargs["number"] = number
        return reverse(f"comments:{self.view}", kwargs=kwargs)


OLDEST = Order("oldest", "comments", "ASC")
NEWEST = Order("newest", "newest", "DESC")


class ThreadPage:
    """One page of a campaign's conversations, the pinned ones first on the first."""

    def __init__(self, campaign, number=1, order=OLDEST):
        self.campaign = campaign
        self.thread = Thread.objects.of(campaign)
        self.number = number
        self.order = order
        if not 1 <= number <= self.last:
            raise NoSuchPage

    @property
    def last(self):
        size = settings.COMMENTS_A_PAGE
        return max(1, -(-self.thread.conversation_count // size))

    @property
    def total(self):
        return self.thread.comment_count

    @cached_property
    def conversations(self):
        """The first comments, each with `shown_replies` and the number of `more`."""
        sql, given = self._conversations()
        most = settings.COMMENT_REPLIES_SHOWN
        return _read(sql, given, 0, most, direction=self.order.direction)

    @property
    def previous_url(self):
        return self.number > 1 and self.url_of(self.number - 1)

    @property
    def next_url(self):
        return self.number < self.last and self.url_of(self.number + 1)

    @property
    def other_order_url(self):
        return (NEWEST if self.order == OLDEST else OLDEST).url(self.campaign, 1)

    def url_of(self, number):
        return self.order.url(self.campaign, number)

    def _conversations(self):
        """The statement that finds this page's first comments, and what it takes."""
        size, count = settings.COMMENTS_A_PAGE, self.thread.conversation_count
        start = (self.number - 1) * size
        size = min(size, count - start)
        direction = self.order.direction
        # From the nearer end: the last page then costs what the first one does.
        if start > count // 2:
            start = count - start - size
            direction = {"ASC": "DESC", "DESC": "ASC"}[direction]
        sql = CONVERSATIONS.format(pinned="NULL", direction=direction)
        given = [self.campaign.pk, start, max(size, 0)]
        if self.number == 1 and self.thread.pinned_count:
            pinned = CONVERSATIONS.format(pinned="NOT NULL", direction="ASC")
            sql = f"({pinned}) UNION ALL ({sql})"
            given = [self.campaign.pk, 0, self.thread.pinned_count, *given]
        return sql, given


class ConversationPage:
    """One page of the replies in one conversation, under its first comment."""

    def __init__(self, root, number=1):
        self.root = root
        self.campaign = root.campaign
        self.thread = Thread.objects.of(root.campaign)
        self.number = number
        if not 1 <= number <= self.last:
            raise NoSuchPage

    @property
    def last(self):
        return max(1, -(-self.root.reply_count // settings.COMMENTS_A_PAGE))

    @cached_property
    def conversations(self):
        size = settings.COMMENTS_A_PAGE
        start = (self.number - 1) * size
        found = _read(
            "SELECT %s::bigint AS id, 0 AS place", [self.root.pk], start, size
        )
        for comment in found:
            comment.more = 0
        return found

    @property
    def previous_url(self):
        return self.number > 1 and conversation_url(self.root, self.number - 1)

    @property
    def next_url(self):
        return self.number < self.last and conversation_url(self.root, self.number + 1)


def page_of(comment):
    """The address of the page on which a visible comment stands, with its anchor."""
    root = comment.root or comment
    if comment.root_id is not None:
        place = root.conversation.filter(SHOWN, pk__lt=comment.pk).count()
        if place >= settings.COMMENT_REPLIES_SHOWN:
            number = place // settings.COMMENTS_A_PAGE + 1
            return f"{conversation_url(root, number)}#comment-{comment.pk}"
    number = 1
    if root.pinned_at is None:
        before = Comment.objects.filter(
            CONVERSATION, campaign=comment.campaign_id, pinned_at=None, pk__lt=root.pk
        )
        number = before.count() // settings.COMMENTS_A_PAGE + 1
    return f"{OLDEST.url(comment.campaign, number)}#comment-{comment.pk}"


def conversation_url(root, number=1):
    kwargs = {"slug": root.campaign.slug, "pk": root.pk}
    if number > 1:
        kwargs["number"] = number
    return reverse("comments:conversation", kwargs=kwargs)


def _read(sql, given, skip, most, *, direction="ASC"):
    sql = WITH_REPLIES.format(conversations=sql, direction=direction)
    conversations = {}
    for comment in Comment.objects.raw(sql, [*given, skip, most]):
        if comment.root_id is None:
            comment.shown_replies = []
            conversations[comment.pk] = comment
        else:
            conversations[comment.root_id].shown_replies.append(comment)
    for comment in conversations.values():
        comment.more = comment.reply_count - len(comment.shown_replies)
    return list(conversations.values())
