"""What a bulk action will do, said before it is done.

The verbs decide (comments/moderating.py). This module only foretells them, in one
statement for all comments, and a test holds both together.
"""

from collections import Counter

from django.utils.translation import ngettext_lazy

from comments import moderating
from comments.models.moderation import Moderation
from comments.moderating import CHANGES, can_be_undone, claimed_by

DONE = {*CHANGES, "undo"}
SENTENCES = {
    "show": ngettext_lazy("%(n)d will be approved.", "%(n)d will be approved.", "n"),
    "keep": ngettext_lazy(
        "%(n)d is already shown. Its reports will be answered.",
        "%(n)d are already shown. Their reports will be answered.",
        "n",
    ),
    "hide": ngettext_lazy("%(n)d will be hidden.", "%(n)d will be hidden.", "n"),
    "uphold": ngettext_lazy(
        "%(n)d stays hidden. Its writer’s appeal will be turned down.",
        "%(n)d stay hidden. Their writers’ appeals will be turned down.",
        "n",
    ),
    "undo": ngettext_lazy(
        "The last decision on %(n)d will be undone.",
        "The last decisions on %(n)d will be undone.",
        "n",
    ),
    "shown": ngettext_lazy(
        "%(n)d is already shown: nothing happens.",
        "%(n)d are already shown: nothing happens.",
        "n",
    ),
    "hidden": ngettext_lazy(
        "%(n)d is already hidden: nothing happens.",
        "%(n)d are already hidden: nothing happens.",
        "n",
    ),
    "removed": ngettext_lazy(
        "%(n)d was removed by its writer: nothing happens.",
        "%(n)d were removed by their writers: nothing happens.",
        "n",
    ),
    "own": ngettext_lazy(
        "%(n)d is an appeal against your own decision: another moderator decides.",
        "%(n)d are appeals against your own decisions: another moderator decides.",
        "n",
    ),
    "taken": ngettext_lazy(
        "%(n)d is with another moderator: nothing happens.",
        "%(n)d are with other moderators: nothing happens.",
        "n",
    ),
    "nothing": ngettext_lazy(
        "%(n)d has nothing that can be undone.",
        "%(n)d have nothing that can be undone.",
        "n",
    ),
}


def forecast(decision, comments, moderator):
    """Sentences with the number of comments each is about, and whether any changes."""
    last = _last_decisions(comments) if decision == "undo" else {}
    counts = Counter(outcome(decision, c, moderator, last.get(c.pk)) for c in comments)
    ordered = [(key, counts[key]) for key in SENTENCES if counts[key]]
    return {
        "sentences": [SENTENCES[key] % {"n": number} for key, number in ordered],
        "changing": sum(number for key, number in ordered if key in DONE),
    }


def outcome(decision, comment, moderator, last=None):
    """What the decision does to one comment: a key of SENTENCES."""
    holder = claimed_by(comment)
    if holder is not None and holder != moderator:
        return "taken"
    if decision == "undo":
        is_possible = last is not None and can_be_undone(comment, last)
        return "undo" if is_possible else "nothing"
    return moderating.outcome(decision, comment, moderator)


def _last_decisions(comments):
    """The last decision on each comment that changed it and was not undone."""
    decisions = (
        Moderation.objects.filter(
            comment__in=[comment.pk for comment in comments],
            before__isnull=False,
            undone_at=None,
        )
        .order_by("comment", "-pk")
        .distinct("comment")
    )
    return {decision.comment_id: decision for decision in decisions}
