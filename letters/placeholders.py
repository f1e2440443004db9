"""The two placeholders of a suggested letter, as campaigners and supporters see them.

NAME_AND_PLACE    who writes: "Maria Silva, Porto, Portugal". Exactly one; a letter
                  that still holds it is not ready to send.
OWN_WORDS         where the writer's own sentence goes, as a paragraph. At most one;
                  without it the sentence stands before NAME_AND_PLACE.

They read as instructions, so that a letter copied by hand explains itself. Other
words in square brackets are refused when the letter is saved: a placeholder with a
slip in it would reach the officials.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

NAME_AND_PLACE = "[Your Name & City/Country]"
OWN_WORDS = "[Your own words]"
_BRACKETS = re.compile(r"\[[^\[\]\n]{0,100}\]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def validate_letter(text):
    """Raise ValidationError when a suggested letter could not be filled in."""
    unknown = sorted(set(_BRACKETS.findall(text)) - {NAME_AND_PLACE, OWN_WORDS})
    errors = []
    if unknown:
        errors.append(
            ValidationError(
                ngettext_lazy(
                    "%(names)s is no placeholder. Use %(who)s or %(own)s.",
                    "%(names)s are no placeholders. Use %(who)s or %(own)s.",
                    len(unknown),
                ),
                code="unknown",
                params={
                    "names": ", ".join(unknown),
                    "who": NAME_AND_PLACE,
                    "own": OWN_WORDS,
                },
            )
        )
    if text.count(NAME_AND_PLACE) != 1:
        errors.append(
            ValidationError(
                _("Write %(who)s exactly once, where the writer's name goes."),
                code="name",
                params={"who": NAME_AND_PLACE},
            )
        )
    if text.count(OWN_WORDS) > 1:
        errors.append(
            ValidationError(
                _("Write %(own)s once at most."), code="own", params={"own": OWN_WORDS}
            )
        )
    if errors:
        raise ValidationError(errors)


def validate_subject(text):
    """Raise ValidationError when a subject holds a placeholder: nothing fills it."""
    if _BRACKETS.search(text):
        raise ValidationError(_("A subject has no placeholders."), code="brackets")


def paragraphs(text):
    """The paragraphs of a text, which empty lines part."""
    return [part.strip() for part in _PARAGRAPHS.split(text.strip()) if part.strip()]


def fill(text, *, name="", place="", own_words=""):
    """The letter in paragraphs, each a list of (words, is the writer's own).

    Without a name NAME_AND_PLACE stays, marked, for the reader to see what is missing.
    """
    signature = ", ".join(filter(None, [name, place])) if name else ""
    parts = paragraphs(text)
    if own_words and OWN_WORDS not in text:
        ends = [i for i, part in enumerate(parts) if NAME_AND_PLACE in part]
        parts.insert(ends[0] if ends else len(parts), OWN_WORDS)
    filled = []
    for part in parts:
        kept = part if own_words else part.replace(OWN_WORDS, "").strip()
        if kept:
            values = {OWN_WORDS: own_words, NAME_AND_PLACE: signature}
            filled.append(_fill_paragraph(kept, values))
    return filled


def as_text(filled):
    """The filled letter as plain text."""
    return "\n\n".join("".join(words for words, _own in part) for part in filled)


def _fill_paragraph(part, values):
    pattern = "|".join(re.escape(placeholder) for placeholder in values)
    return [
        (values.get(piece) or piece, piece in values)
        for piece in re.split(f"({pattern})", part)
        if piece
    ]
