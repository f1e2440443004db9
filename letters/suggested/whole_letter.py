"""A letter that was pasted whole: subject and end become what we fill in."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from letters.suggested.placeholders import (
    NAME_AND_PLACE,
    OWN_WORDS,
    paragraphs,
    validate_subject,
)

# What people write themselves where the writer’s name goes.
_NAME = re.compile(r"\[(?:your |full )*name[^][\n]{0,40}\]", re.IGNORECASE)

# What a form for a new letter begins with: the letter is written above it.
START = f"\n\n{OWN_WORDS}\n\n{NAME_AND_PLACE}\n"


def subject_of(text):
    """The subject in a first line such as “Subject: Please help”, and the rest.

    Without such a line, or with one that can be no subject, the text stays whole.
    """
    first, _end, rest = text.lstrip().partition("\n")
    label, colon, subject = first.partition(":")
    subject = subject.strip()
    if not colon or label.strip().lower() not in ("subject", _("Subject").lower()):
        return "", text
    try:
        validate_subject(subject)
    except ValidationError:
        return "", text
    return subject, rest.lstrip("\n")


def completed(text):
    """The letter with the placeholders that it needs and lacks, where they belong."""
    parts = _without_start(paragraphs(text))
    if not any(NAME_AND_PLACE in part for part in parts):
        parts = [_NAME.sub(NAME_AND_PLACE, part) for part in parts]
        if not any(NAME_AND_PLACE in part for part in parts):
            parts.append(NAME_AND_PLACE)
    return "\n\n".join(parts)


def _without_start(parts):
    """The paragraphs with START at their end, less what they say themselves.

    Whoever pastes a letter above or below it has often written a name of their own.
    """
    start = paragraphs(START)
    if parts[-2:] == start:
        rest = parts[:-2]
    elif parts[:2] == start:
        rest = parts[2:]
    else:
        return parts
    end = rest[-2:]
    if any(NAME_AND_PLACE in part for part in rest) or any(map(_NAME.search, end)):
        return rest
    if any(OWN_WORDS in part for part in rest):
        return [*rest, NAME_AND_PLACE]
    return [*rest, *start]
