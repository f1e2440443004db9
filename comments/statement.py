"""The statement of reasons for a hidden comment, as its writer reads it.

The Digital Services Act, Article 17, asks for it: what was restricted, on which facts,
whether a program took part, on which ground, and what the writer can do about it.
"""

from django.utils.translation import gettext_lazy as _

HOW_FOUND = {
    "notice": _("Somebody sent us a notice that it is against the law."),
    "report": _("A reader reported it."),
    "read": _("We found it when we read the comments here."),
}
PROGRAM = {
    True: _(
        "A program had marked it. A moderator decided to hide it, not the program."
    ),
    False: _("A moderator decided to hide it, not a program."),
}
RULES_GROUND = _("It breaks our rules for comments:")
EFFECT = _(
    "Only you and our moderators can still read it. It stays hidden, unless we decide "
    "to show it."
)
REDRESS = _("You can also go to court.")


class Statement:
    """Why a comment is hidden; nothing of it names who reported it."""

    effect, redress = EFFECT, REDRESS

    def __init__(self, comment):
        self.comment = comment

    @property
    def how_found(self):
        """How we came to look at it before it was hidden."""
        hiding = self.comment.moderations.filter(decision="hide", undone_at=None)
        last = hiding.first()
        answered = self.comment.reports.filter(decided_at=last and last.at)
        reports = list(answered.values_list("law", flat=True)) if last else []
        if any(reports):
            return HOW_FOUND["notice"]
        return HOW_FOUND["report" if reports else "read"]

    @property
    def program(self):
        return PROGRAM[bool(self.comment.findings)]

    @property
    def ground(self):
        """What stands before the reason; that of the law speaks for itself."""
        return "" if self.comment.hidden_for == "law" else RULES_GROUND
