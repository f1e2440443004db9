"""Sets texts in any script that our fonts have, as a PDF or a picture.

typst does it. Texts reach a template as data and never as its code. This loads neither
Django nor the database, so that a process of its own starts fast.
"""

import json
import unicodedata
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

_FONTS = Path(__file__).resolve().parents[2] / "campaign_site/fonts"
# Each letter is set in the first that has it: that of Japanese stands before that of
# Korean, which has many Chinese characters, and not all of Japan's.
_FILES = {
    "Atkinson Hyperlegible Next": "latin.ttf",
    "More": "latin-ext.ttf",
    "Other Scripts": "other-scripts.ttf",
    "MotoyaLCedar": "japanese.ttf",
    "Korean Names": "korean.ttf",
}
# What joins or parts letters, as Persian needs it.
_NON_JOINER = "\u200c"


def typeset(template, data, folder, **how):
    """The pages of a template (a Path), filled with data, as bytes.

    Pictures that it names are in the folder. `how` says the format, as for typst.
    """
    return typst.compile(
        template.read_bytes(),
        root=folder,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**data, "fonts": list(_FILES)})},
        **how,
    )


def printable(text):
    """The text in one line, without emoji and invisible signs that no font has.

    None if no font has one of its letters.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        if sign.isspace():
            kept.append(" ")
        elif sign == _NON_JOINER or (kind[0] != "C" and ord(sign) in _letters()):
            kept.append(sign)
        elif kind[0] not in "CS" and not 0xFE00 <= ord(sign) <= 0xFE0F:
            return None
    return " ".join("".join(kept).split())


def runs_from_right(text):
    """Whether its first letter belongs to a script that is read from the right."""
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


@cache
def _letters():
    found = set()
    for name in _FILES.values():
        with TTFont(_FONTS / name, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)
