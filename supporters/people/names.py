"""How a supporter's name is shown, and when two names are one person's.

Nobody can tell for certain which part of a name is the first name. This proposes one;
the name's bearer sees it, and can change it, before it is shown.
"""

import re
import unicodedata

TITLES = frozenset(
    re.findall(
        r"\S+",
        "capt captain col dame dipl dipl-ing doctor dott dottssa dr dra drs fr frau "
        "gen habil hc herr hon ing ir lady lord lt madame mag med miss mister mlle mme "
        "monsieur mr mrs ms mx nat phil prof profa professor rer rev reverend señor "
        "señora sgt sir sr sra srta",
    )
)
SUFFIXES = frozenset(["esq", "ii", "iii", "iv", "jr", "mba", "md", "msc", "phd", "sr"])
# Countries where most people write their family name first, in Latin letters, too.
FAMILY_NAME_FIRST = frozenset(["CN", "HK", "HU", "KH", "KP", "KR", "MO", "TW", "VN"])
_TWO_SYLLABLES = tuple(re.findall("..", "남궁독고동방사공서문선우제갈황보"))
_TWO_CHARACTERS = tuple(
    re.findall(
        "..", "欧阳歐陽司马司馬上官诸葛諸葛皇甫公孙公孫令狐慕容东方東方夏侯尉迟尉遲"
    )
)


def first(name, country=""):
    """The first name: "Maria" of "Dr. Maria Silva", "지우" of "김지우".

    Empty if nothing can be proposed: "Dr. Silva" has only a family name.
    """
    words = _without_titles(name)
    if "・" in name:
        return name.partition("・")[0]
    if not words or (len(words) == 1 and len(name.split()) > 1):
        return ""
    if all(map(_has_family_name_first, words)):
        return (_split(words) or [""])[-1]
    if len(words) > 1 and country in FAMILY_NAME_FIRST:
        # Vietnamese people are called by the last of their names.
        return words[-1] if country == "VN" else " ".join(words[1:])
    return words[0]


def short(name):
    """ "Dr. Maria Silva" becomes "Maria S.": enough for its bearer, and not for others.

    Which of the two is the family name does not matter.
    """
    words = _without_titles(name)
    if len(words) > 1 and not all(map(_has_family_name_first, words)):
        return f"{words[0]} {words[-1][0].upper()}."
    return first(name) or name


def initials(name):
    """ "Maria Silva" becomes "M. S."; a sign that is no letter makes no initial."""
    words = _without_titles(name)
    letters = [next(filter(str.isalnum, word), "") for word in _split(words) or words]
    return " ".join(f"{letter.upper()}." for letter in letters if letter)


def _without_titles(name):
    """The words of a name without titles; "Silva, Maria" in spoken order."""
    words = unicodedata.normalize("NFC", name).split()
    while words and _bare(words[0]) in TITLES:
        del words[0]
    while len(words) > 1 and _bare(words[-1]) in SUFFIXES:
        del words[-1]
    family, comma, given = " ".join(words).strip(",").partition(",")
    return f"{given} {family}".split() if comma else family.split()


def _bare(word):
    return word.casefold().replace(".", "").strip(",")


def _has_family_name_first(word):
    """Whether it is written like Korean, Chinese and Japanese names: 김지우, 田中.

    Foreign names in katakana have a dot between their parts, and begin with the first
    name.
    """
    return bool(re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", word)) and (
        "・" not in word
    )


def _split(words):
    """Family name and first name of such a name; nothing if that is unknown."""
    if not words or not all(map(_has_family_name_first, words)):
        return []
    if len(words) > 1:
        return [words[0], " ".join(words[1:])]
    [word] = words
    if len(word) < 2 or re.search("[\u3040-\u30ff]", word):
        return []  # nobody can tell where the family name ends in 山田はなこ
    is_long = word.startswith(_TWO_SYLLABLES + _TWO_CHARACTERS)
    is_japanese = len(word) == 4 and re.search("[\u3400-\u9fff]", word)
    length = 2 if len(word) > 2 and (is_long or is_japanese) else 1
    return [word[:length], word[length:]]


def same_person(one, other):
    """Whether two names at one mailbox mean the same person.

    They do if they differ only in case, accents, punctuation and the order of words.
    """
    return folded(one) == folded(other)


def folded(name):
    """One form for all spellings of a name; see same_person()."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", plain)))
