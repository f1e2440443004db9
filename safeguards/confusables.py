"""What a text looks like: texts that a reader takes for the same are equal here.

The table is Unicode's of confusables (UTS #39), a file beside this one. What it leaves
out is added: small capitals and letters in boxes. The results are for comparing only,
and never shown.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

# Characters that are drawn as nothing (Unicode's Default_Ignorable_Code_Point), with
# the tags of flags and the variation selectors, and the empty Braille cell.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_CAPITAL = re.compile(
    "(?:LATIN LETTER SMALL CAPITAL|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
    "|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])"
)
_CAPITALS = [range(0x250, 0x2B0), range(0x1D00, 0x1D30), range(0x1F130, 0x1F200)]
# Letters and digits of Arabic and Hebrew, and marks on letters (UAX #9).
_RIGHT_TO_LEFT = ("R", "AL", "AN", "NSM")
# ASCII characters that are read as a letter in a name. Ordinary words keep them.
_READ_AS = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t"}
    | {"i": "l", "|": "l", "$": "s", "m": "rn"}
)


def plain(text: str) -> str:
    """A text in lower case, with each look-alike replaced by the letter it looks like.

    ASCII keeps its letters and digits, so that ordinary words stay apart. Accents and
    characters that nobody sees are removed.
    """
    if text.isascii():
        return text.lower()
    text = _without_marks(_INVISIBLE.sub("", text))
    # Hangul syllables are put together again: single strokes look like other letters.
    text = unicodedata.normalize("NFC", text).translate(_prototypes())
    return text.casefold().translate(_prototypes())


def skeleton(text: str) -> str:
    """The same for names, where also "Ha11" equals "Hall" and "rn" equals "m"."""
    return plain(text).translate(_READ_AS)


@cache
def _prototypes():
    """What each character outside ASCII is replaced by; made once for a process."""
    file = Path(__file__).with_name("confusables.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    like = {
        chr(int(code, 16)): "".join(chr(int(c, 16)) for c in codes)
        for code, *codes in pairs
    }
    for code in (code for some in _CAPITALS for code in some):
        if capital := _CAPITAL.fullmatch(unicodedata.name(chr(code), "")):
            like[chr(code)] = capital[1]
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
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        c
        for c in decomposed
        # Marks that enclose a letter are removed, too: the square of the key 7️⃣ is
        # one.
        if not unicodedata.combining(c) and unicodedata.category(c) != "Me"
    )
