"""Comments that were written on another site, and came here with their page.

They have the names and words of their writers, and no address: nobody is mailed about
them, and no link opens them. What readers saw there they see here; what waited there
waits here. A name that could be taken for somebody else's waits, too.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.thread import Thread
from comments.rules import RuleFinding
from comments.state import CommentState
from database.personal_data import PersonalData
from database.rows import rows_of
from safeguards.judging import judgement
from safeguards.public_text import refusal
from safeguards.redaction import OMISSION
from safeguards.same_words import digest

BATCH = 500
LONGEST_NAME, LONGEST_TEXT = 120, 10_000
SHOWN, WAITING, SPAM = CommentState.SHOWN, CommentState.WAITING, "spam"
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

        Call it in a transaction. They keep their date, order and thread. What answers a
        comment that is not here, or is not older, begins a conversation: no reply
        stands before what it answers. Each batch costs the same statements.
        """
        thread = Thread.objects.locked(campaign.pk)
        known = self._known(site, found)
        new = {each.number: each for each in found if each.number not in known}
        if not new:
            return 0
        here = {n: own for n, (at, *own) in known.items() if at == campaign.pk}
        rows = sorted(new.values(), key=lambda one: (one.at, one.number))
        roots = {}
        for each in rows:
            roots[each.number] = roots.get(each.parent, each.number)
        keys = dict(zip((r.number for r in rows), _new_keys(len(rows)), strict=True))
        judged, now = judgement(), timezone.now()
        for batch in batched(rows, BATCH):
            comments = []
            for each in batch:
                comment = _as_comment(each, judged, now)
                comment.pk, comment.campaign = keys[each.number], campaign
                root = roots[each.number]
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
        ours = {keys[number] for number in roots.values()}
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


def _new_keys(number):
    """So many keys for rows of which others hold keys before they are stored."""
    return [key for (key,) in rows_of(_NEW_KEYS, [number])]


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
