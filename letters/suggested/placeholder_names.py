"""What placeholders are called in each language of the site.

Texts are stored with the English names, whatever language they are in, so that a letter
is filled in alike everywhere. People read and write the names of the letter's language.
"""

import re
from functools import cache

from django.conf import settings
from django.utils.translation import override, pgettext

NAME_AND_PLACE = "[Your Name & City/Country]"
OWN_WORDS = "[Your own words]"
SALUTATION = "[Salutation]"
ASK = "[The ask]"
DATE = "[Date of my letter]"
SUBJECT = "[Subject of my letter]"
ALL = (NAME_AND_PLACE, OWN_WORDS, SALUTATION, ASK, DATE, SUBJECT)

_ONE_IN_BRACKETS = re.compile(r"\[[^][{}\n]{1,58}\]")


def named_in(language, text):
    """A text as people who write in this language read it, placeholders and all."""
    for name, own in names(language).items():
        text = text.replace(name, own)
    return text


def names_to_fill_in(language):
    """What a page's script fills in, as people who write in this language read it."""
    return {
        "name": named_in(language, NAME_AND_PLACE),
        "own_words": named_in(language, OWN_WORDS),
        "ask": named_in(language, ASK),
        "salutation": named_in(language, SALUTATION),
    }


def named_as_stored(text):
    """A text with the English names, in whichever language its placeholders were."""
    if "[" not in text:
        return text
    stored = _stored(tuple(code for code, _name in settings.LANGUAGES))
    return _ONE_IN_BRACKETS.sub(lambda own: stored.get(own[0], own[0]), text)


@cache
def _stored(languages):
    """Each name that a placeholder has in one of these, with its English name."""
    pairs = [pair for code in reversed(languages) for pair in names(code).items()]
    return {own: name for name, own in pairs}


@cache
def names(language):
    """Each placeholder with its name in a language, if it has another one there.

    A translation that is no single pair of brackets, or that names two placeholders
    alike, would break letters: the English name stands instead.
    """
    with override(language):
        own = {
            NAME_AND_PLACE: pgettext("placeholder", "[Your Name & City/Country]"),
            OWN_WORDS: pgettext("placeholder", "[Your own words]"),
            SALUTATION: pgettext("placeholder", "[Salutation]"),
            ASK: pgettext("placeholder", "[The ask]"),
            DATE: pgettext("placeholder", "[Date of my letter]"),
            SUBJECT: pgettext("placeholder", "[Subject of my letter]"),
        }
    said = list(own.values())
    return {
        name: words
        for name, words in own.items()
        if words != name
        and _ONE_IN_BRACKETS.fullmatch(words)
        and said.count(words) == 1
        and words not in ALL
    }
