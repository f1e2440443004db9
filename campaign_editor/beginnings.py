"""Texts that a new campaign can begin with; staff call them templates.

What has to be replaced stands in square brackets. The checklist asks for each of them
that is still there, so that a template begins no field that may stay empty with one.
"""

import re
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from letters.suggested import placeholders

_GAP = re.compile(r"\[[^][]+\]")


@dataclass(frozen=True)
class Beginning:
    """The label, a sentence about it, and what its fields begin with, by form."""

    label: str
    words: str
    campaign: dict
    petition: dict = field(default_factory=dict)
    letter: dict = field(default_factory=dict)

    @property
    def staying(self):
        """The placeholders in its letter, which are filled in for each writer."""
        body = str(self.letter.get("body", ""))
        return [words for words in placeholders.OF_A_LETTER if words in body]


_STORY = format_lazy(
    "<p>{}</p><h2>{}</h2><p>{}</p><h2>{}</h2><p>{}</p>",
    _("[Tell in short paragraphs what happens, where, and since when.]"),
    _("Why it is wrong"),
    _("[Say what the rules, or the facts, say about it.]"),
    _("Who can change it"),
    _("[Say who decides, and what they can do now.]"),
)
_BRIEF = {
    "story": _STORY,
    "share_text": _("I have just signed this. One minute, and it helps. Will you?"),
}
_LETTER = {
    "body": format_lazy(
        "{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n{}\n",
        placeholders.SALUTATION,
        _("I ask you to [what they should do]."),
        _("[Why, in 2 or 3 sentences.]"),
        placeholders.OWN_WORDS,
        _("I would be grateful if you told me what you will do."),
        placeholders.NAME_AND_PLACE,
    ),
}
BEGINNINGS = {
    "council": Beginning(
        _("Letter to a council"),
        _("A petition, and a letter that goes to each member."),
        {
            **_BRIEF,
            "title": _("[Place]: [what should change]"),
            "summary": _("Ask the council of [place] to [what it should do]."),
            "call_for_action": _(
                "The council can decide this. Tell its members what you think."
            ),
        },
        {"ask": _("I ask the council of [place] to [what it should do].")},
        _LETTER,
    ),
    "petition": Beginning(
        _("Petition only"),
        _("People sign one sentence, and write to nobody."),
        {
            **_BRIEF,
            "title": _("[Place]: [what should change]"),
            "summary": _("Ask [who decides] to [what they should do]."),
        },
        {"ask": _("I ask [who decides] to [what they should do].")},
    ),
    "visit": Beginning(
        _("An official’s visit"),
        _("A petition and letters for the days before an official comes."),
        {
            **_BRIEF,
            "title": _("[Who] visits [place]: [what they should hear]"),
            "summary": _("Ask [who] to [what they should do] before the visit."),
            "event_name": _("Visit"),
        },
        {"ask": _("I ask [who] to [what they should do].")},
        _LETTER,
    ),
}


def filled(texts):
    """The texts of one form as its fields begin with them."""
    return {name: str(words) for name, words in texts.items()}


def gaps_in(text):
    """The words in brackets that a template left in a text, each once."""
    found = dict.fromkeys(_GAP.findall(text))
    return [gap for gap in found if gap in _gaps()] if found else []


def _gaps():
    return {
        gap
        for beginning in BEGINNINGS.values()
        for texts in (beginning.campaign, beginning.petition, beginning.letter)
        for words in texts.values()
        for gap in _GAP.findall(str(words))
    } - set(placeholders.ALL)
