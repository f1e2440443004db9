"""What a decision on several comments will do, said before it is done.

The verbs decide (comments/moderating.py). This module only foretells them, and a test
holds both together.
"""

from collections import Counter

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from comments import moderating
from comments.moderating import CHANGES, claimed_by
from staff.inbox import Asked

SAMPLE = 10
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
}


def forecast(decision, comments, moderator, total):
    """What "show", "hide" or "spam" does to these of `total` chosen comments."""
    counts = Counter(outcome(decision, each, moderator) for each in comments)
    sentences = [
        sentence % {"n": counts[key]}
        for key, sentence in SENTENCES.items()
        if counts[key]
    ]
    if total > len(comments):
        said = _(
            "You chose %(total)s. These are the first %(most)s. Do the rest afterwards."
        )
        sentences.append(said % {"total": total, "most": len(comments)})
    return Asked(
        sentences,
        number=sum(counts[key] for key in CHANGES),
        sample=[
            f"{each.name}: {Truncator(each.text).chars(120)}"
            for each in comments[:SAMPLE]
        ],
    )


def outcome(decision, comment, moderator):
    """What the decision does to one comment: a key of SENTENCES."""
    holder = claimed_by(comment)
    if holder is not None and holder != moderator:
        return "taken"
    return moderating.outcome(decision, comment, moderator)
