"""How a supporter's name is shown, and when two names are one person's."""

import re
import unicodedata


def short(name):
    """First name and the initial of the last: "Maria Silva" is shown as "Maria S.".

    A name in one word is shown whole; that is what its bearer agreed to.
    """
    words = name.split()
    if len(words) < 2:
        return name
    initial = next((c for c in words[-1] if c.isalnum()), "")
    return f"{words[0]} {initial.upper()}." if initial else words[0]


def first(name):
    return name.split()[0] if name.split() else name


def initials(name):
    """ "Maria Silva" is shown as "M. S."; a sign that is no letter makes none."""
    letters = [next(filter(str.isalnum, word), "") for word in name.split()]
    return " ".join(f"{letter.upper()}." for letter in letters if letter)


def same_person(one, other):
    """Whether two names at one mailbox mean the same person.

    Case, accents, punctuation and the order of the words do not make another one.
    """
    return folded(one) == folded(other)


def folded(name):
    """A name as all its spellings are: see same_person()."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", plain)))
