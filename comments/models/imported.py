"""Comments that were written on another site, and came here with their page.

They have the names and words of their writers, and no address: nobody is mailed about
them, and no link opens them. What readers saw there they see here; what waited there
waits here. A name that could be taken for somebody else's waits, too.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import NamedTuple

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.thread import Thread
from comments.rules import RuleFinding
from comments.state import CommentState
from database.personal_data import PersonalData
from safeguards.judging import judgement
from safeguards.public_text import refusal
from safeguards.redaction import OMISSION
from safeguards.same_words import digest

BATCH = 500
LONGEST_NAME, LONGEST_TEXT = 120, 10_000
SHOWN, WAITING, SPAM = CommentState.SHOWN, CommentState.WAITING, "spam"
# A number of the other site stands in links to it, so no comment of ours gets it later.
_MARGIN = 10_000
_KEYS_SO_FAR = "SELECT last_value FROM comments_comment_id_seq"
_KEYS_FROM = "SELECT setval('comments_comment_id_seq', %s)"
_NEW_KEYS = "SELECT nextval('comments_comment_id_seq') FROM generate_series(1, %s)"


@dataclass
class WrittenElsewhere:
    """A comment as another site has it; `state` is SHOWN, WAITING or SPAM."""

    number: int
    parent: int
    name: str
    text: str
    at: datetime
    state: str


class ImportedCommentManager(models.Manager):
    def take_in(self, campaign, site, found):
        """Put these into the thread, but for those that came before; returns how many.

        Call it in a transaction. They keep their date, order and thread; what answers a
        comment that is not here begins a conversation. Each batch costs the same
        statements.
        """
        thread = Thread.objects.locked(campaign.pk)
        known = self._known(site, found)
        new = {each.number: each for each in found if each.number not in known}
        if not new:
            return 0
        here = {n: own for n, (at, *own) in known.items() if at == campaign.pk}
        places = _places(new)
        rows = sorted(new.values(), key=lambda one: (places[one.number], one.number))
        keys = dict(zip((r.number for r in rows), _new_keys(rows), strict=True))
        judged, now = judgement(), timezone.now()
        for batch in batched(rows, BATCH):
            taken = self._anchors_taken(campaign, [each.number for each in batch])
            comments = []
            for each in batch:
                comment = _as_comment(each, judged, now)
                comment.pk, comment.campaign = keys[each.number], campaign
                if each.number > 0 and each.number not in taken:
                    comment.old_anchor = each.number
                root = places[each.number].root
                if root != each.number:
                    comment.parent_id, comment.root_id = keys[each.parent], keys[root]
                if (above := here.get(new[root].parent)) is not None:
                    pk, first = above
                    comment.parent_id = comment.parent_id or pk
                    comment.root_id = first or pk
                comments.append(comment)
            Comment.objects.bulk_create(comments)
            self.bulk_create(
                ImportedComment(comment=comment, site=site, number=each.number)
                for comment, each in zip(comments, batch, strict=True)
            )
        ours = {keys[number] for _at, _depth, number in places.values()}
        thread.recount(*ours, *(root or pk for pk, root in here.values()))
        return len(rows)

    def _known(self, site, found):
        """By number: campaign, key and root of those that came before."""
        wanted = {each.number for each in found} | {each.parent for each in found}
        known = {}
        for some in batched(wanted, BATCH):
            rows = self.filter(site=site, number__in=some).values_list(
                "number", "comment__campaign", "comment", "comment__root"
            )
            known.update((number, rest) for number, *rest in rows)
        return known

    @staticmethod
    def _anchors_taken(campaign, numbers):
        same = Comment.objects.filter(campaign=campaign)
        same = same.filter(Q(pk__in=numbers) | Q(old_anchor__in=numbers))
        return {n for pair in same.values_list("pk", "old_anchor") for n in pair}


class ImportedComment(models.Model):
    """Says of a comment from which site it came, and which number it has there."""

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="imported"
    )
    site = models.CharField(max_length=200)
    number = models.BigIntegerField()

    objects = ImportedCommentManager()
    personal_data = PersonalData(about_nobody=("site",))

    class Meta:
        verbose_name = _("imported comment")
        verbose_name_plural = _("imported comments")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "number"], name="a_comment_is_imported_once"
            )
        ]

    def __str__(self):
        return f"{self.site} {self.number}"


def _new_keys(rows):
    """As many free keys, none of which is a number of these on their own site."""
    highest = max(each.number for each in rows)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS_SO_FAR)
        if cursor.fetchone()[0] <= highest:
            cursor.execute(_KEYS_FROM, [highest + _MARGIN])
        cursor.execute(_NEW_KEYS, [len(rows)])
        return [key for (key,) in cursor]


class _Place(NamedTuple):
    """Where a comment stands: a reply never before what it answers, whatever its date.

    The pages of a thread rely on that.
    """

    at: datetime
    depth: int
    root: int


def _places(new):
    """The place of each by its number, in its conversation as far as that is new.

    Where replies answer each other in a circle, one of them begins the conversation.
    """
    places = {}
    for number in new:
        way, at = {}, number
        while at not in places:
            way[at] = True
            parent = new[at].parent
            if parent not in new or parent in way:
                places[at] = _Place(new[at].at, 0, at)
            else:
                at = parent
        above = places[at]
        for each in reversed(way):
            if each not in places:
                above = _Place(max(new[each].at, above.at), above.depth + 1, above.root)
                places[each] = above
    return places


def _as_comment(each, judged, now):
    name = OMISSION if refusal(each.name) in ("email", "link") else each.name
    name, text = name[:LONGEST_NAME], _cut(each.text)
    at = min(each.at, now)
    comment = Comment(
        name=name,
        text=text,
        text_digest=digest(text),
        created_at=at,
        mail_key=None,
    )
    verdict = judged(name=name, text=text)
    poses = any(finding.reason == "posing" for finding in verdict.findings)
    if each.state == SPAM:
        comment.become(CommentState.HIDDEN, now, reason="spam")
    elif each.state == SHOWN and not poses:
        comment.become(CommentState.SHOWN, at)
    else:
        found = [RuleFinding(one.reason, one.detail) for one in verdict.findings]
        comment.findings = [one.as_row for one in found]
        comment.spam_points = sum(one.points for one in found)
        comment.queued_at = now
    return comment


def _cut(text):
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
