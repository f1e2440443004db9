"""Draws a text in any script that our fonts have, from the left or from the right."""

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import TextDirection
from PIL import ImageFont

ROOT = Path(__file__).resolve().parents[2]
_OURS = "static/fonts/atkinson-hyperlegible-next-{}-wght-normal.woff2"
FONTS = [
    ROOT / _OURS.format("latin"),
    ROOT / _OURS.format("latin-ext"),
    ROOT / "campaign_site/fonts/other-scripts.woff2",
    # Before that of Korean, which has many Chinese characters, and not all of Japan's.
    ROOT / "campaign_site/fonts/japanese.ttf",
    ROOT / "campaign_site/fonts/korean.ttf",
]


class NoLetters(ValueError):
    """None of our fonts has the letters of this text."""


class Lettering:
    """A text in our fonts. Raises NoLetters when it cannot be written in them.

    It runs from the right if its language does, or else if its first letter does.
    """

    def __init__(self, text, weight, from_right=False):
        self.weight = weight
        self.text = " ".join(_writable(text).split())
        first = auto_detect_base_direction(self.text)
        self.is_rtl = from_right or first == TextDirection.RTL

    def line(self):
        """The whole text in one line, however long."""
        return self._line(self.text)

    def lines(self, size, width):
        """The text in lines of at most this width, as far as its words allow."""
        lines, words = [], ""
        for word in _units(self.text):
            longer = self._line((words + word).strip())
            if words.strip() and longer.width(size) > width:
                lines.append(words.strip())
                words = word.lstrip()
            else:
                words += word
            while self._line(words.strip()).width(size) > 1.6 * width:
                fitting = self._line(words.strip()).fitting(size, width)
                lines.append(fitting)
                words = words.strip()[len(fitting) :]
        if words.strip():
            lines.append(words.strip())
        return [self._line(line) for line in lines]

    def _line(self, text):
        return _Line(text, self.weight, self.is_rtl)


class _Line:
    """One line. Each of its runs, from the left, has one font and one direction."""

    def __init__(self, text, weight, is_rtl):
        self.text, self.weight, self.is_rtl = text, weight, is_rtl
        self.runs = _runs(text, TextDirection.RTL if is_rtl else TextDirection.LTR)

    def width(self, size):
        return sum(
            _font(font, size, self.weight).getlength(text, direction=direction)
            for text, font, direction in self.runs
        )

    def write(self, pen, place, size, colour):
        """Draw it from this place to the right; the place is on the base line."""
        x, y = place
        for text, number, direction in self.runs:
            font = _font(number, size, self.weight)
            # These fonts have no bold letters, so a stroke makes them bold.
            stroke = size / 45 if number > 1 and self.weight > 600 else 0
            pen.text(
                (x, y),
                text,
                colour,
                font,
                anchor="ls",
                direction=direction,
                stroke_width=stroke,
                stroke_fill=colour,
            )
            x += font.getlength(text, direction=direction)

    def fitting(self, size, width):
        """The beginning of its text that fits this width; at least one letter."""
        for end in range(len(self.text), 1, -1):
            line = _Line(self.text[:end], self.weight, self.is_rtl)
            if line.width(size) <= width:
                return line.text
        return self.text[:1]

    def shortened(self, size, width):
        """The line with an ellipsis at its end, within this width."""
        text = self.text
        while True:
            line = _Line(f"{text.rstrip()}…", self.weight, self.is_rtl)
            if not text or line.width(size) <= width:
                return line
            text = text[:-1]


@cache
def _letters_of(number):
    with TTFont(FONTS[number], lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _font(number, size, weight):
    font = ImageFont.truetype(FONTS[number], size, layout_engine=ImageFont.Layout.RAQM)
    if number < 2:
        font.set_variation_by_axes([weight])
    return font


def _has(number, letter):
    return ord(letter) in _letters_of(number)


def _writable(text):
    """The text without invisible characters, and without emoji that no font has.

    Raises NoLetters when no font has one of its letters.
    """
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if letter.isspace():
            kept.append(" ")
        elif any(_has(number, letter) for number in range(len(FONTS))):
            kept.append(letter)
        elif kind[0] not in "CS" and not 0xFE00 <= ord(letter) <= 0xFE0F:
            raise NoLetters(letter)
    return "".join(kept)


def _fonts_of(text):
    """The font of each letter. A sign of every script keeps the font before it."""
    numbers = []
    for letter in text:
        stays = numbers and not letter.isalpha() and _has(numbers[-1], letter)
        first = (number for number in range(len(FONTS)) if _has(number, letter))
        numbers.append(numbers[-1] if stays else next(first))
    return numbers


def _runs(text, base):
    """Triples (text, font, direction) as they stand from the left, by UAX 9."""
    fonts = _fonts_of(text)
    paragraph = BidiParagraph(text, base, preserve_bn_chars=True)
    runs = []
    for (font, level), letters in groupby(
        paragraph.get_reordered_characters(),
        lambda letter: (fonts[letter.character_index], letter.embedding_level),
    ):
        piece = "".join(letter.character for letter in letters)
        # Raqm takes a run in the order in which it is read.
        runs.append((piece[::-1], font, "rtl") if level % 2 else (piece, font, "ltr"))
    return runs


def _units(text):
    """The pieces after which a line may end.

    A piece is a word with the space before it. In scripts that are written without
    spaces, each letter is one.
    """
    unit = ""
    for letter in text:
        is_alone = 0x3040 <= ord(letter) <= 0x30FF or 0x3400 <= ord(letter) <= 0x9FFF
        if unit and (letter == " " or is_alone):
            yield unit
            unit = ""
        unit += letter
    if unit:
        yield unit
