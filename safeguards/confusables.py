"""What a text looks like: texts that a reader takes for the same are equal here.

The table is Unicode's of confusables (UTS #39), a file beside this one. What it leaves
out is added: small capitals, and letters in boxes, with tails or upside down. The
results are for comparing only, and never shown.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

# Characters that are drawn as nothing (Unicode's Default_Ignorable_Code_Point), with
# the tags of flags and the variation selectors, and the empty Braille cell.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Signs that stand for five to eighteen letters each: wishes in Arabic, and the names of
# units. Written out, they would let a text grow many times.
_ABBREVIATIONS = "\ufdfa\ufdfb\u321d\u321e\u327c\u3300-\u3357\u33ae\u33af"
ABBREVIATION = re.compile(f"[{_ABBREVIATIONS}]")
_NOT_COMPARED = re.compile(f"[{INVISIBLE}{_ABBREVIATIONS}]")
# Other forms of one letter, by their names: small capitals, letters in boxes, with a
# tail, upside down. Letters of other alphabets look like a V or M upside down.
_FORM = re.compile(
    "(?:LATIN SMALL LETTER (?!TURNED [MV])(?:TURNED |REVERSED |OPEN )?"
    "|LATIN LETTER SMALL CAPITAL |REGIONAL INDICATOR SYMBOL LETTER "
    "|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER )([A-Z])(?: WITH .+)?"
)
_FORMS = [
    *(range(0x180, 0x2B0), range(0x1D00, 0x1DC0), range(0x2C60, 0x2C80)),
    range(0x1F130, 0x1F200),
]
# Letters and digits of Arabic and Hebrew, and marks on letters (UAX #9).
_RIGHT_TO_LEFT = ("R", "AL", "AN", "NSM")
# Small letters that are drawn like capitals, which Unicode's table leaves apart.
_LIKE_CAPITALS = {"\u0138": "k", "\u028d": "m", "\ua793": "e", "\u03c7": "x"}
# ASCII characters that are read as a letter in a name. Ordinary words keep them.
_READ_AS = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t"}
    | {"i": "l", "|": "l", "$": "s", "m": "rn"}
)


@lru_cache(maxsize=16)
def plain(text: str) -> str:
    """A text in lower case, with each look-alike replaced by the letter it looks like.

    ASCII keeps its letters and digits, so that ordinary words stay apart. Accents and
    characters that nobody sees are removed. The last texts are remembered, since each
    rule of public_text() asks for the same.
    """
    if text.isascii():
        return text.lower()
    text = _without_marks(_NOT_COMPARED.sub("", text))
    # Hangul syllables are put together again: single strokes look like other letters.
    return unicodedata.normalize("NFC", text).translate(_looks())


def readings(text: str) -> list[str]:
    """The text as it looks, and with its capitals made small first, if that differs.

    "К" looks like a Latin letter and is the capital of "к", which looks like none. So a
    word in capitals may be a disguise, or Cyrillic or Greek.
    """
    return [*dict.fromkeys((plain(text), plain(text.casefold())))]


def skeleton(text: str) -> str:
    """The same for names, where also "Ha11" equals "Hall" and "rn" equals "m"."""
    return plain(text).translate(_READ_AS)


@cache
def _looks():
    """What each character becomes, replaced before and after it is made small.

    It is made once for a process, without a table of all characters: that would keep
    10 MB for good.
    """
    like, looks = _prototypes(), {}
    for code in chain(range(0x1F000), like):
        seen = chr(code).translate(like).casefold().translate(like)
        if seen != chr(code):
            looks[code] = seen
    return looks


def _prototypes():
    """What each character outside ASCII is replaced by."""
    file = Path(__file__).with_name("confusables.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    like = {
        chr(int(code, 16)): "".join(chr(int(c, 16)) for c in codes)
        for code, *codes in pairs
    }
    for code in (code for some in _FORMS for code in some):
        if form := _FORM.fullmatch(unicodedata.name(chr(code), "")):
            like.setdefault(chr(code), form[1])
    like |= _LIKE_CAPITALS
    table = {}
    for letter in like:
        # Letters of Arabic and Hebrew look like strokes and rings of Latin ones, but
        # whole words in them disguise nothing. public_text() finds a word that mixes
        # them.
        if (
            not letter.isascii()
            and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT
        ):
            table[ord(letter)] = _last(letter, like)
    # Browsers read the full stop of Chinese and Japanese as the dot of a web address
    # (UTS #46).
    return table | dict.fromkeys(map(ord, "\u3002\uff61"), ".")


def _last(letter, like):
    """What a letter looks like, followed to the end of the chain, in lower case."""
    for _step in range(4):  # "н" is a small capital, which is "H", which is "h"
        parts = (c if c.isascii() else like.get(c, c) for c in letter)
        following = _without_marks("".join(parts)).casefold()
        if following == letter:
            break
        letter = following
    return letter


def _without_marks(text):
    text = unicodedata.normalize("NFKD", text)
    return text.translate(_marks()) if _PERHAPS_MARK.search(text) else text


@cache
def _marks():
    """Marks on letters, and those that enclose one, like the square of the key 7️⃣."""
    return {ord(c): None for c in map(chr, range(0x300, 0x1F000)) if _is_mark(c)}


def _is_mark(sign):
    return unicodedata.combining(sign) or unicodedata.category(sign) == "Me"


# A class with signs of further planes is searched ten times as slowly.
_PERHAPS_MARK = re.compile(
    f"[{''.join(filter(_is_mark, map(chr, range(0x300, 0x10000))))}]"
    "|[\U00010000-\U0010ffff]"
)
