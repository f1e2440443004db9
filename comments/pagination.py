"""A thread in pages: whole conversations, or one conversation's replies.

What a page costs depends on what it shows, not on how many comments there are: the
counts stand in the thread's row, and one statement reads the rows, with each list of
replies cut off by the index.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db import connections
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.models.comment import Comment
from comments.models.thread import Thread
from comments.state import CONVERSATION, VISIBLE
from comments.text import initials
from database.replica import alias
from pages.numbered_pages import NumberedPage, number_of_pages

COLUMNS = (
    "c.id, c.root_id, c.parent_id, c.name, c.text, c.is_answer, c.created_at, "
    "c.edited_at, c.state = 'removed', "
    # A first comment that waits has a place while replies to it show.
    "c.hidden_at IS NOT NULL OR c.state = 'waiting', "
    "c.pinned_at IS NOT NULL, c.reply_count, c.written_in"
)
IS_VISIBLE = (
    "{0}.state IN ('shown', 'removed') AND {0}.shown_at IS NOT NULL"
    " AND {0}.repeats_id IS NULL"
)
# The condition is written as in the partial index "shown_conversations". The numbers of
# rows are written into the statement: if they are given as values, PostgreSQL plans it
# anew for each page, which takes five times as long as reading the rows.
CONVERSATIONS = f"""
SELECT c.id, {{place}} AS place FROM comments_comment c
WHERE c.campaign_id = %(campaign)s AND c.root_id IS NULL AND c.pinned_at IS {{pinned}}
  AND (({IS_VISIBLE.format("c")}) OR c.reply_count > 0)
ORDER BY {{order}} OFFSET {{start}} LIMIT {{size}}
"""
# First comments, then some replies of each, with the name of whom they answer. Replies
# are cut off before that name is looked up, or PostgreSQL would sort all there are.
WITH_REPLIES = f"""
WITH page AS ({{conversations}})
SELECT {COLUMNS}, NULL, page.place FROM page JOIN comments_comment c ON c.id = page.id
UNION ALL
SELECT reply.* FROM page CROSS JOIN LATERAL (
    SELECT {COLUMNS}, CASE WHEN {IS_VISIBLE.format("parent")} THEN parent.name END,
           page.place
    FROM (
        SELECT * FROM comments_comment c
        WHERE c.root_id = page.id AND {IS_VISIBLE.format("c")}
        ORDER BY c.id OFFSET {{skip}} LIMIT {{most}}
    ) AS c JOIN comments_comment parent ON parent.id = c.parent_id
) AS reply
ORDER BY place, id
"""


class ShownComment(NamedTuple):
    """A comment as a page shows it; models' instances would take too long.

    It holds everything that its HTML depends on, so it is also the key to the HTML.
    """

    pk: int
    root_id: int | None
    parent_id: int | None
    name: str
    text: str
    is_answer: bool
    created_at: datetime
    edited_at: datetime | None
    is_removed: bool
    is_hidden: bool
    is_pinned: bool
    reply_count: int
    written_in: str
    answers: str | None  # whom it replies to, if that comment shows

    @property
    def is_deep(self):
        """Whether it replies to a reply; it stands beside that one all the same."""
        return self.parent_id != self.root_id

    @property
    def initials(self):
        return initials(self.name)


@dataclass(frozen=True)
class Conversation:
    """A first comment with some of its replies."""

    first: ShownComment
    replies: list

    @property
    def more(self):
        """How many more replies it has."""
        return self.first.reply_count - len(self.replies)


@dataclass(frozen=True)
class Order:
    """An order of the thread: the view of its pages, and its SQL in both directions."""

    view: str
    by: str
    backwards: str

    def url(self, campaign, number):
        kwargs = {"slug": campaign.slug}
        if number > 1:
            kwargs["number"] = number
        return reverse(f"comments:{self.view}", kwargs=kwargs)


OLDEST = Order("comments", "c.id", "c.id DESC")
NEWEST = Order("newest", "c.id DESC", "c.id")
# Those in the language of the page first, and of each language the newest first.
OWN_LANGUAGE = Order(
    "own-language",
    "c.written_in = ANY(%(own)s) DESC, c.id DESC",
    "c.written_in = ANY(%(own)s), c.id",
)


class ThreadPage(NumberedPage):
    """One page of a campaign's conversations; page one begins with the pinned ones."""

    @property
    def size(self):
        """How many conversations stand on a page, apart from the pinned ones."""
        return settings.COMMENTS_A_PAGE

    @property
    def most_replies(self):
        """How many replies of each stand there; the others have pages of their own."""
        return settings.COMMENT_REPLIES_SHOWN

    def __init__(self, campaign, number=1, order=OLDEST):
        self.campaign = campaign
        self.thread = Thread.objects.of(campaign)
        self.order = order
        super().__init__(number)

    @property
    def last(self):
        return number_of_pages(self.thread.conversation_count, self.size)

    @property
    def total(self):
        return self.thread.comment_count

    @cached_property
    def conversations(self):
        """Whole conversations, without the replies that stand on pages of their own."""
        parts = [self._unpinned()]
        if self.number == 1 and self.thread.pinned_count:
            # Pinned ones stand before all others, in the order of their keys.
            parts.append(_part("0", "NOT NULL", "c.id", 0, self.thread.pinned_count))
        given = {"campaign": self.campaign.pk, "own": self._own_languages}
        sql = " UNION ALL ".join(f"({part})" for part in parts)
        return _read(sql, given, 0, self.most_replies)

    def _unpinned(self):
        """The statement that finds this page's conversations.

        It counts from the nearer end: otherwise the last page of 10,000 comments costs
        1.38 times what a page of eight does (bench/run.py, “last page”).
        """
        start, count = (self.number - 1) * self.size, self.thread.conversation_count
        size = min(self.size, max(0, count - start))
        if start <= count // 2:
            place = f"row_number() OVER (ORDER BY {self.order.by})"
            return _part(place, "NULL", self.order.by, start, self.size)
        place = f"-row_number() OVER (ORDER BY {self.order.backwards})"
        end = count - start - size
        return _part(place, "NULL", self.order.backwards, end, size)

    @property
    def other_orders(self):
        """Name and address of each other order; of one language, if there are more."""
        offered = [(NEWEST, _("Newest first")), (OLDEST, _("Oldest first"))]
        own = self.thread.conversations_in(self._own_languages)
        if 0 < own < self.thread.conversation_count:
            # Translators: comments in your language stand first. Name your language in
            # the place of English.
            offered.append((OWN_LANGUAGE, _("English first")))
        return [
            (label, order.url(self.campaign, 1))
            for order, label in offered
            if order != self.order
        ]

    def url_of(self, number):
        return self.order.url(self.campaign, number)

    @property
    def _own_languages(self):
        """The language of the page, as comments that are written in it say it."""
        own = get_language()
        return [own, ""] if own == self.campaign.language else [own]


def _part(place, pinned, order, start, size):
    """The statement that finds some conversations, each with its place on the page."""
    return CONVERSATIONS.format(
        place=place, pinned=pinned, order=order, start=start, size=size
    )


class NewestComments(ThreadPage):
    """What the action page shows of the thread: the newest conversations, in short."""

    size = 5
    most_replies = 2

    def __init__(self, campaign):
        super().__init__(campaign, order=NEWEST)

    @property
    def has_more(self):
        """Whether the thread has comments that this does not show."""
        more = self.thread.conversation_count > self.size
        return more or any(found.more for found in self.conversations)

    @property
    def all_url(self):
        """Where the whole thread begins."""
        return OLDEST.url(self.campaign, 1)


class ConversationPage(NumberedPage):
    """One page of the replies in one conversation, under its first comment."""

    def __init__(self, root, number=1):
        self.root = root
        self.campaign = root.campaign
        self.thread = Thread.objects.of(root.campaign)
        super().__init__(number)

    @property
    def last(self):
        return number_of_pages(self.root.reply_count, settings.COMMENTS_A_PAGE)

    @cached_property
    def conversations(self):
        size = settings.COMMENTS_A_PAGE
        start = (self.number - 1) * size
        root = {"root": self.root.pk}
        return _read("SELECT %(root)s::bigint AS id, 0 AS place", root, start, size)

    def url_of(self, number):
        return conversation_url(self.campaign, self.root.pk, number)


def page_of(comment):
    """The address of the page with a visible comment, and the comment's anchor."""
    root = comment.root or comment
    if comment.root_id is not None:
        place = root.conversation.filter(VISIBLE, pk__lt=comment.pk).count()
        if place >= settings.COMMENT_REPLIES_SHOWN:
            number = place // settings.COMMENTS_A_PAGE + 1
            page = conversation_url(comment.campaign, root.pk, number)
            return f"{page}#comment-{comment.pk}"
    number = 1
    if root.pinned_at is None:
        before = Comment.objects.filter(
            CONVERSATION, campaign=comment.campaign_id, pinned_at=None, pk__lt=root.pk
        )
        number = before.count() // settings.COMMENTS_A_PAGE + 1
    return f"{OLDEST.url(comment.campaign, number)}#comment-{comment.pk}"


def conversation_url(campaign, pk, number=1):
    """The address of a conversation's own pages; `pk` is its first comment's."""
    kwargs = {"slug": campaign.slug, "pk": pk}
    if number > 1:
        kwargs["number"] = number
    return reverse("comments:conversation", kwargs=kwargs)


def _read(sql, given, skip, most):
    sql = WITH_REPLIES.format(conversations=sql, skip=skip, most=most)
    conversations = {}
    with connections[alias()].cursor() as cursor:
        cursor.execute(sql, given)
        for *row, _place in cursor:
            comment = ShownComment._make(row)
            if comment.root_id is None:
                conversations[comment.pk] = Conversation(comment, [])
            else:
                conversations[comment.root_id].replies.append(comment)
    return list(conversations.values())
