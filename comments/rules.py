"""What makes a comment wait, and which waiting comments are likely spam.

A rule only finds something; a person decides. Nothing is refused or dropped, and
moderators read what was found.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from comments.repeats import SAID_BEFORE
from safeguards import limits
from safeguards.blocks import Block
from safeguards.public_text import REASONS, addresses_in
from supporters.acts.holding import what_holds

# From this weight on, the desk lists a comment below the line, as likely spam.
LIKELY_SPAM = 3
RULES = {
    "honeypot": _("filled in a field that people cannot see"),
    "flood": _("a lot at once from this network"),
    "domain": _("a lot at once with this mail domain"),
    "address": _("a blocked address: %s"),
    "network": _("a blocked network"),
    "links": _("web addresses: %s"),
    "duplicate": _("the same text as another comment of the last 30 days"),
    "capitals": _("almost all in capital letters"),
    **REASONS,
}
POINTS = {
    "honeypot": 3,
    "flood": 2,
    "domain": 2,
    "address": 3,
    "network": 3,
    "links": 2,
    "duplicate": 2,
    "capitals": 0,
    **dict.fromkeys(REASONS, 1),
    # A blocked word stands more often in texts of spammers than of people.
    "word": 3,
    "advert": 3,
    "markup": 2,
}


@dataclass(frozen=True)
class RuleFinding:
    """What a rule found: the rule's name, and the detail for its sentence."""

    rule: str
    detail: str = ""

    @property
    def points(self):
        return POINTS[self.rule]

    @property
    def holds(self):
        """Whether even a known writer's comment waits for it."""
        return self.points > 0

    @property
    def as_row(self):
        return [self.rule, self.detail]

    @property
    def sentence(self):
        words = str(RULES[self.rule])
        if "%s" in words:
            return words % self.detail
        return f"{words}: {self.detail}" if self.detail else words


def findings_of(comment):
    """The findings stored with a comment, as sentences for the desk."""
    return [RuleFinding(*row).sentence for row in comment.findings if row[0] in RULES]


def findings(text, examined):
    """What the rules find in a comment that is being written.

    `examined` is what supporters/acts/holding.py found; it was also asked whether the
    words were `said_before()` (repeats.py).
    """
    # Entries of the block list are findings of their own, below, and no reason here.
    reason = what_holds(*(each for each in examined.reasons if each not in Block.KINDS))
    found = [RuleFinding(reason)] if reason else []
    found += [_blocked(*entry) for entry in examined.blocks]
    judged = examined.verdict.findings
    found += [RuleFinding(each.reason, each.detail) for each in judged]
    if (links := addresses_in(text)) > limits.number("COMMENT_MOST_LINKS"):
        found.append(RuleFinding("links", str(links)))
    if SAID_BEFORE in examined.answers:
        found.append(RuleFinding("duplicate"))
    if _is_shouted(text):
        found.append(RuleFinding("capitals"))
    return found


def _blocked(kind, value):
    return RuleFinding(kind, "" if kind == "network" else value)


def _is_shouted(text):
    letters = [c for c in text if c.isupper() or c.islower()]
    return len(letters) > 40 and sum(map(str.isupper, letters)) > 0.8 * len(letters)
