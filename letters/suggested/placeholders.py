"""The placeholders of a suggested letter, as campaigners and supporters see them.

NAME_AND_PLACE    who writes: "Maria Silva, Porto, Portugal". Exactly one; a letter
                  that still holds it is not ready to send.
OWN_WORDS         where the writer’s own sentence goes, as a paragraph. At most one;
                  without it the sentence stands before NAME_AND_PLACE.
SALUTATION        how the recipient is addressed. At most one; without it, the letter
                  greets all of them in its own words. Exactly one in a follow-up.
ASK               the locked ask. Exactly one where there is a locked ask.
DATE              the day of the letter that a follow-up is about. Exactly one there.
SUBJECT           its subject. At most one, in a follow-up.

They read as instructions, so that a letter copied by hand explains itself. Any other
square or curly bracket is refused when the letter is saved: a placeholder with a slip
in it, like "[Your own words" or "{{name}}", would reach the officials.

The names here are those of stored texts. In other languages they have names of their
own (placeholder_names.py), and what people type may hold those of any language.

Each is filled in once, so that a filled letter is never longer than the letter and
what was filled in.
"""

import re
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from letters.suggested.placeholder_names import (
    ALL,
    ASK,
    DATE,
    NAME_AND_PLACE,
    OWN_WORDS,
    SALUTATION,
    SUBJECT,
    named_as_stored,
    named_in,
)

OF_A_LETTER = (SALUTATION, ASK, OWN_WORDS, NAME_AND_PLACE)
HELP = format_lazy(
    _(
        "An empty line starts a new paragraph. Use {who} once, for the writer’s name "
        "and place. {own} becomes a sentence by the writer, or nothing. Without "
        "this placeholder, their sentence comes before the name. {salutation} becomes "
        "each recipient’s own salutation. {ask} becomes the locked ask."
    ),
    who=NAME_AND_PLACE,
    own=OWN_WORDS,
    salutation=SALUTATION,
    ask=ASK,
)
HELP_IN_LANGUAGES = _(
    "Use the same placeholders as in the first language. You can write them in English "
    "or in this language."
)
HELP_FOR_FOLLOW_UP = format_lazy(
    _(
        "A short reminder to each official who has not answered. They get it once, and "
        "only if the writer presses a button. Use {salutation}, {date} and {who} once "
        "each. {subject} becomes the subject of the first letter. If empty, we use our "
        "own words. See them under “Preview for each recipient”."
    ),
    salutation=SALUTATION,
    date=DATE,
    who=NAME_AND_PLACE,
    subject=SUBJECT,
)
LONGEST_SUBJECT = 150
# Characters of a letter with everything filled in but the salutation.
LONGEST_LETTER = 12_000
# Brackets with the words behind them, closed or not; also one that closes nothing.
_BRACKETS = re.compile(r"\[[^][\n]{0,60}\]?|\{{1,2}[^}{\n]{0,60}\}{0,2}|\]|\}")
_MOST_NAMED = 5  # named in one error
# An empty line after words. Further empty lines belong to the next paragraph.
_PARAGRAPHS = re.compile(r"(?<=\S)[ \t]*\n[ \t]*\n")
_EMPTY_LINES_BEFORE = re.compile(r"\A(?:[ \t]*\n)+")


def validate_letter(
    text,
    *,
    has_ask=False,
    is_follow_up=False,
    field="body",
):
    """Raise ValidationError, for this field, when a letter could not be filled in."""
    errors = []
    text = named_as_stored(text)
    found = (words.strip() for words in _BRACKETS.findall(text))
    unknown = sorted(set(found) - set(ALL))
    if unknown:
        errors.append(
            ValidationError(
                ngettext_lazy(
                    "%(names)s is no placeholder. These are: %(all)s.",
                    "%(names)s are no placeholders. These are: %(all)s.",
                    len(unknown),
                ),
                code="unknown",
                params={
                    "names": ", ".join(unknown[:_MOST_NAMED]),
                    "all": ", ".join(ALL),
                    "unknown": unknown,
                },
            )
        )
    for name, least, most, why in (
        (NAME_AND_PLACE, 1, 1, _("where the writer’s name goes")),
        (OWN_WORDS, 0, not is_follow_up, _("where a sentence of their own goes")),
        (ASK, has_ask, has_ask, _("where the locked ask goes, if there is one")),
        (
            SALUTATION,
            is_follow_up,
            1,
            _("in place of the greeting, since each gets their own email"),
        ),
        (
            DATE,
            is_follow_up,
            is_follow_up,
            _("where the day of the first letter goes, in a follow-up"),
        ),
        (SUBJECT, 0, is_follow_up, _("where its subject goes, in a follow-up")),
    ):
        if not least <= text.count(name) <= most:
            sentence = _WRITE_ONCE if least else _WRITE_AT_MOST_ONCE
            errors.append(
                ValidationError(
                    sentence if most else _DO_NOT_WRITE,
                    code="count",
                    params={"name": name, "why": why},
                )
            )
    if errors:
        raise ValidationError({field: errors})


_WRITE_ONCE = _("Write %(name)s exactly once, %(why)s.")
_WRITE_AT_MOST_ONCE = _("Write %(name)s once at most, %(why)s.")
_DO_NOT_WRITE = _("Leave out %(name)s: it stands %(why)s.")


def validate_subject(text):
    """Raise ValidationError when a subject holds a placeholder: nothing fills it."""
    if _BRACKETS.search(text):
        raise ValidationError(_("A subject has no placeholders."), code="brackets")
    if len(text.splitlines()) > 1 or len(text) > LONGEST_SUBJECT:
        raise ValidationError(
            _("Write a subject on one line, of at most %(most)d characters."),
            code="line",
            params={"most": LONGEST_SUBJECT},
        )


def validate_plain(text):
    """Raise ValidationError when words that are filled in hold a bracket."""
    if _BRACKETS.search(text):
        raise ValidationError(
            _("Leave the brackets out: nothing is filled in here."), code="brackets"
        )


def refuse_twice(text):
    """Raise ValidationError when a writer’s message holds a placeholder twice."""
    text = named_as_stored(text)
    for name in ALL:
        if text.count(name) > 1:
            raise ValidationError(
                _("Write %(name)s once at most."), code="twice", params={"name": name}
            )


def refuse_any(text):
    """Raise ValidationError when words that are filled in hold a placeholder."""
    text = named_as_stored(text)
    for name in ALL:
        if name in text:
            raise ValidationError(
                _("Leave out %(name)s here. It belongs in the message only."),
                code="placeholder",
                params={"name": name},
            )


def refuse_too_long(*parts):
    """Raise ValidationError when a letter of these parts would be too long."""
    if sum(map(len, parts)) > LONGEST_LETTER:
        raise ValidationError(
            _(
                "Shorten the message. With everything filled in, the letter can "
                "have %(most)s characters."
            ),
            code="long",
            params={"most": f"{LONGEST_LETTER:,}"},
        )


def put(text, placeholder, words):
    """The text with these words in a placeholder's place, once."""
    return text.replace(placeholder, words, 1)


def paragraphs(text):
    """The paragraphs of a text, divided at empty lines.

    Joined by one empty line each, they are the text again, with its indentation and all
    its empty lines.
    """
    text = _EMPTY_LINES_BEFORE.sub("", text.rstrip())
    return _PARAGRAPHS.split(text) if text.strip() else []


def _without(placeholder, parts):
    """The paragraphs without this placeholder, and without one that held only it."""
    for part in parts:
        if placeholder not in part:
            yield part
        elif kept := part.replace(placeholder, "").strip():
            yield kept


def fill(text, *, name="", place="", own_words="", ask="", salutation="", subject=""):
    """The letter in paragraphs, each a list of (words, is the writer’s own).

    Without a name, NAME_AND_PLACE stays, marked, so that the reader sees what is
    missing. Without a salutation, SALUTATION stays for somebody who knows the
    recipient. A placeholder that comes again stays as well: nothing is filled in twice.
    """
    parts = paragraphs(text)
    if own_words and OWN_WORDS not in text:
        ends = [i for i, part in enumerate(parts) if NAME_AND_PLACE in part]
        parts.insert(ends[0] if ends else len(parts), OWN_WORDS)
    values = {
        OWN_WORDS: own_words,
        NAME_AND_PLACE: signature(name, place) if name else "",
        ASK: ask,
        SALUTATION: salutation,
        SUBJECT: subject,
    }
    if not own_words:
        parts = _without(OWN_WORDS, parts)
    return [_fill_paragraph(part, values) for part in parts]


def as_text(filled):
    """The filled letter as plain text."""
    return "\n\n".join(["".join([words for words, _own in part]) for part in filled])


def as_html(filled, language):
    """The same for people who write in this language, with their words marked."""
    html = ["".join([_marked(language, *each) for each in part]) for part in filled]
    lines = [words.replace("\n", "<br>") for words in html]
    return mark_safe("\n".join([f'<p dir="auto">{words}</p>' for words in lines]))


def _marked(language, words, is_own):
    html = escape(named_in(language, words))
    return f'<mark dir="auto">{html}</mark>' if is_own else html


def unsigned(text, *, ask=""):
    """The letter without its writer’s words; name and greeting are still open."""
    return as_text(fill(text, ask=ask))


def digest(text):
    """Equal for texts that differ only in their white space; 32 characters."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:32]


def without_signature(text, signature, wanted):
    """A finished letter with NAME_AND_PLACE in this signature's place, or None.

    The signature may stand in it twice; it is the one without which the letter has the
    digest `wanted`.
    """
    found = re.finditer(re.escape(signature), text)
    for place in found:
        rest = f"{text[: place.start()]}{NAME_AND_PLACE}{text[place.end() :]}"
        if digest(rest) == wanted:
            return rest
    return None


def signature(name, place):
    return ", ".join(filter(None, [name, place]))


def _fill_paragraph(part, left):
    """Fill in one paragraph from what is left, and remove that from what is left."""
    if "[" not in part:
        return [(part, False)]
    return [
        (left.pop(piece, "") or piece, piece in (OWN_WORDS, NAME_AND_PLACE))
        for piece in _FILLED_IN.split(part)
        if piece
    ]


_FILLED_IN = re.compile(
    "({})".format(
        "|".join(map(re.escape, (OWN_WORDS, NAME_AND_PLACE, ASK, SALUTATION, SUBJECT)))
    )
)
