"""The fonts of the petition on paper, as the library that sets it reads them."""

import io
from functools import cache

from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_FONTS = settings.ROOT / "campaign_site/fonts"
_OUR_FONT = f"{settings.ROOT}/static/fonts/atkinson-hyperlegible-next-{{}}.woff2"


def written(folder):
    """Write the fonts into a folder; yields the family, style and file of each."""
    for style, weight in (("", 400), ("B", 720)):
        for family, part in (("Text", "latin"), ("More", "latin-ext")):
            font = _unpacked(_OUR_FONT.format(f"{part}-wght-normal"), weight)
            yield family, style, _file(folder, f"{family}{style}", font)
    yield "Japanese", "", _FONTS / "japanese.ttf"
    yield "Korean", "", _FONTS / "korean.ttf"
    others = _unpacked(_FONTS / "other-scripts.woff2")
    yield "Others", "", _file(folder, "Others", others)


def _file(folder, name, font):
    file = folder / f"{name}.ttf"
    file.write_bytes(font)
    return file


@cache
def _unpacked(file, weight=None):
    """The bytes of a WOFF2 font as TrueType, in one weight if the file has several.

    To cut our four takes 0.8 s of a processor, and to unpack the one of other scripts
    0.2 s. That is most of what a short petition costs, so it is done once in a process.
    """
    with TTFont(file, recalcTimestamp=False) as font:
        if weight:
            instantiateVariableFont(font, {"wght": weight}, inplace=True, static=True)
        font.flavor = None
        plain = io.BytesIO()
        font.save(plain)
    return plain.getvalue()
