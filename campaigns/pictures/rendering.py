"""Cuts pictures and draws share images: a process of its own, within limits.

    python -m campaigns.darkroom FOLDER < job.json

A job may name a picture of ours (`picture`, with `focus` and the `kinds` to cut), and
what a share image shows (`share`). The files come into FOLDER. It knows neither Django
nor the database, so that it starts fast, and what a codec takes goes with the process.
"""

import json
import resource
import sys
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont, ImageOps

# What a picture is cut to: its shape (None: as it is), and how wide at most.
KINDS = {
    "whole": (None, (480, 960, 1600)),
    "wide": ((16, 9), (480, 960, 1600)),
    "square": ((1, 1), (480, 960)),
}
# Best first: a browser takes the first that it knows.
FORMATS = {
    "avif": {"quality": 60, "speed": 8, "max_threads": 1},
    "webp": {"quality": 78, "method": 4},
    "jpg": {"quality": 82, "optimize": True, "progressive": True},
}
SHARE = (1200, 630)
MEMORY, SECONDS = 2 * 1024**3, 60


def shape(kind, size):
    """Width and height of what is cut out of a picture of this size."""
    ratio, _widths = KINDS[kind]
    width, height = size
    if ratio is None:
        return size
    across, down = ratio
    if width * down > height * across:
        return max(1, round(height * across / down)), height
    return width, max(1, round(width * down / across))


def widths(kind, size):
    """How wide the files of a cut are: never wider than what there is."""
    most = shape(kind, size)[0]
    _ratio, wanted = KINDS[kind]
    return [width for width in wanted if width < most] + [min(most, wanted[-1])]


def cut(picture, width_and_height, focus):
    """The part of this size that has the focus (in percent) in its middle, or as near
    to it as the edges allow."""
    places = []
    for whole, part, percent in zip(picture.size, width_and_height, focus, strict=True):
        place = round(whole * percent / 100 - part / 2)
        places.append(min(max(0, place), whole - part))
    left, top = places
    width, height = width_and_height
    return picture.crop((left, top, left + width, top + height))


def develop(picture, kinds, focus, folder):
    """Write every size of every kind, in every format."""
    for kind in kinds:
        part = cut(picture, shape(kind, picture.size), focus)
        for width in widths(kind, picture.size):
            height = max(1, round(part.height * width / part.width))
            sized = part.resize((width, height), Image.Resampling.LANCZOS)
            for ending, options in FORMATS.items():
                sized.save(folder / f"{kind}-{width}.{ending}", **options)


# The share image.

ROOT = Path(__file__).resolve().parents[2]
_OURS = "static/fonts/atkinson-hyperlegible-next-{}-wght-normal.woff2"
FONTS = [
    ROOT / _OURS.format("latin"),
    ROOT / _OURS.format("latin-ext"),
    ROOT / "campaign_site/fonts/other-scripts.woff2",
    ROOT / "campaign_site/fonts/korean.ttf",
]
SIZES = (76, 70, 64, 58, 52, 47, 42, 38, 34)
LEADING = 1.14
EDGE = 68
PICTURE_WIDTH = 470
FOOT = 96  # for the site's name
# The dog and the cat of the site's drawing (templates/components/scene.html).
DOG = (
    "-52 4 -60 -14 -55 -36 -44 -52 -42 -72 -42 -92 -32 -107 -29 -112 -28 -116 -29 -120 "
    "-38 -120 -46 -121 -52 -124 -56 -126 -59 -129 -60 -132 -64 -134 -67 -139 -66 -143 "
    "-65 -147 -61 -148 -57 -148 -49 -151 -41 -152 -34 -156 -29 -162 -22 -167 -13 -169 "
    "-13 -179 -11 -188 -7 -197 -6 -199 -3 -199 -2 -197 5 -190 9 -181 12 -172 "
    "14 -172 16 -172 18 -171 21 -179 26 -187 32 -192 34 -194 37 -193 37 -190 "
    "39 -178 38 -166 34 -155 38 -145 38 -135 36 -124 38 -110 45 -92 46 -70 "
    "48 -58 50 -54 53 -48 63 -32 63 -14 56 4"
)
DOGS_TAIL = "46 -8 72 -6 92 -20 92 -43 92 -62 75 -70 65 -59"
CAT = (
    "-35 3 -41 -16 -34 -40 -21 -55 -20 -58 -20 -61 -22 -64 -28 -70 -29 -79 -26 -86 "
    "-27 -95 -27 -104 -23 -112 -22 -114 -20 -114 -18 -113 -12 -109 -8 -105 -5 -101 "
    "-1 -102 5 -102 8 -101 11 -105 15 -109 21 -113 23 -114 25 -114 26 -112 "
    "29 -104 29 -95 28 -86 31 -79 30 -70 24 -64 22 -61 22 -58 23 -55 36 -40 43 -16 37 3"
)
CATS_TAIL = "-30 -5 -50 -4 -64 -8 -66 -22 -67 -33 -58 -38 -52 -33"
FINER = 2  # drawn so much larger, and then made smaller: Pillow's edges are hard


class NoLetters(ValueError):
    """No font of ours has the letters of this text."""


def draw(share, picture, focus):
    """The share image: title and ask beside the picture, or over the site's drawing.

    A title in letters that no font has is left out, rather than set in boxes.
    """
    colours = share["colours"]
    try:
        lines = _Letters(share["title"], 720), _Letters(share["ask"], 720)
    except NoLetters:
        lines = ()
        if picture is not None:
            return ImageOps.fit(picture, SHARE, centering=[f / 100 for f in focus])
    is_rtl = bool(lines) and lines[0].is_rtl
    canvas = Image.new("RGB", SHARE, colours["night"])
    left, right = EDGE, SHARE[0] - EDGE
    if picture is None:
        canvas.paste(_drawing(colours))
        if is_rtl:
            canvas = canvas.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        bottom = SHARE[1] - FOOT - 160
    else:
        _beside(canvas, picture, focus, is_rtl)
        room = PICTURE_WIDTH + EDGE * 4 // 5
        left, right = (room, right) if is_rtl else (left, SHARE[0] - room)
        bottom = SHARE[1] - FOOT - 36
    pen = ImageDraw.Draw(canvas)
    if lines:
        _titles(pen, lines, (left, EDGE - 8, right, bottom), colours)
    _foot(canvas, pen, share, (left, right), is_rtl)
    return canvas


def _beside(canvas, picture, focus, is_rtl):
    size = (PICTURE_WIDTH, SHARE[1])
    scale = max(size[0] / picture.width, size[1] / picture.height)
    part = (round(size[0] / scale), round(size[1] / scale))
    part = (min(part[0], picture.width), min(part[1], picture.height))
    shown = cut(picture, part, focus).resize(size, Image.Resampling.LANCZOS)
    canvas.paste(shown, (0 if is_rtl else SHARE[0] - PICTURE_WIDTH, 0))


def _titles(pen, texts, box, colours):
    """As large as fits; what does not fit even in the smallest ends in an ellipsis."""
    left, top, right, bottom = box
    width = right - left
    for size in SIZES:
        height = size * LEADING
        parts = [text.lines(size, width) for text in texts]
        most = int((bottom - top) // height)
        if sum(map(len, parts)) <= most and all(
            line.width(size) <= width for part in parts for line in part
        ):
            break
    title, ask = parts
    if len(title) + len(ask) > most:
        for_ask = min(len(ask), most // 2)
        title = _cut_off(title, max(1, most - for_ask), size, width)
        ask = _cut_off(ask, most - len(title), size, width)
    y = top
    for part, colour in ((title, colours["text"]), (ask, colours["light"])):
        for line in part:
            x = right - line.width(size) if texts[0].is_rtl else left
            line.write(pen, (x, y + size * 0.86), size, colour)
            y += height


def _cut_off(lines, most, size, width):
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1].shortened(size, width)] if most else []


def _foot(canvas, pen, share, sides, is_rtl):
    left, right = sides
    with Image.open(ROOT / "static/img/apple-touch-icon.png") as icon:
        mark = icon.convert("RGB").resize((52, 52), Image.Resampling.LANCZOS)
    mask = Image.new("L", (52 * FINER, 52 * FINER))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), 9 * FINER, "white")
    mask = mask.resize(mark.size, Image.Resampling.LANCZOS)
    top = SHARE[1] - EDGE - mark.height + 4
    try:
        name = _Letters(share["site"], 640).line()
    except NoLetters:
        name = None
    canvas.paste(mark, (right - mark.width if is_rtl else left, top), mask)
    if name is not None:
        room = min(right - left, 640) - mark.width - 18
        if name.width(30) > room:
            name = name.shortened(30, room)
        x = left + mark.width + 18
        if is_rtl:
            x = right - mark.width - 18 - name.width(30)
        name.write(pen, (x, top + 37), 30, share["colours"]["text"])


def _drawing(colours):
    """The light over a hill, with the dog and the cat; in the lower right corner."""
    big = Image.new("RGB", [side * FINER for side in SHARE], colours["night"])
    pen = ImageDraw.Draw(big)
    x, y = 960, 560
    for radius, colour in (
        (262, colours["halo_2"]),
        (212, colours["halo_1"]),
        (160, colours["light"]),
    ):
        around = (x - radius, y - radius, x + radius, y + radius)
        pen.ellipse([side * FINER for side in around], fill=colour)
    hill = _curve("-10 640 300 596 560 598 800 596 960 594 1100 598 1210 606")
    ground = colours["ground"]
    hill = [*hill, (1210, 640), (-10, 640)]
    pen.polygon([(a * FINER, b * FINER) for a, b in hill], fill=ground)
    for path, tail, thick, place, scale in (
        (CAT, CATS_TAIL, 10, (890, 600), 1.12),
        (DOG, DOGS_TAIL, 18, (1006, 602), 1.12),
    ):
        points = _placed(_curve(path), place, scale * FINER)
        pen.polygon(points, fill=ground)
        radius = thick * scale * FINER / 2
        for a, b in _placed(_curve(tail, 60), place, scale * FINER):
            around = (a - radius, b - radius, a + radius, b + radius)
            pen.ellipse(around, fill=ground)
    return big.resize(SHARE, Image.Resampling.LANCZOS)


def _placed(points, place, scale):
    x, y = (side * FINER for side in place)
    return [(x + a * scale, y + b * scale) for a, b in points]


def _curve(numbers, steps=14):
    """Points on cubic Bézier curves: a start, then three points for each."""
    flat = [float(number) for number in numbers.split()]
    points = list(zip(flat[::2], flat[1::2], strict=True))
    on = [points[0]]
    for first in range(0, len(points) - 1, 3):
        a, b, c, d = points[first : first + 4]
        for step in range(1, steps + 1):
            t = step / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            on.append(
                tuple(
                    sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True))
                    for axis in (0, 1)
                )
            )
    return on


# Text in any script that our fonts have.


class _Letters:
    """A text as it can be written with our fonts; raises NoLetters where it cannot."""

    def __init__(self, text, weight):
        self.weight = weight
        self.text = " ".join(_writable(text).split())
        self.is_rtl = _runs_from_right(self.text)

    def line(self):
        """All of it in one line, however long."""
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
    """One line, in runs of one font and one direction, as they stand from the left."""

    def __init__(self, text, weight, is_rtl):
        self.text, self.weight, self.is_rtl = text, weight, is_rtl
        fonts, levels = _fonts_of(text), _levels(text, int(is_rtl))
        parts = groupby(zip(text, fonts, levels, strict=True), lambda one: one[1:])
        runs = [("".join(c for c, *_ in some), *key) for key, some in parts]
        self.runs = _in_order(runs)

    def width(self, size):
        return sum(
            _font(font, size, self.weight).getlength(text, direction=_direction(level))
            for text, font, level in self.runs
        )

    def write(self, pen, place, size, colour):
        """From the left, on this base line."""
        x, y = place
        for text, number, level in self.runs:
            font, direction = _font(number, size, self.weight), _direction(level)
            # These fonts have no bold letters.
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
        """The beginning of its text that has room; one letter at least."""
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
    """Without what is not seen, and without signs (emoji) that no font has."""
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
    """The font of each letter. What every script uses stays in the one before it."""
    numbers = []
    for letter in text:
        stays = numbers and not letter.isalpha() and _has(numbers[-1], letter)
        first = (number for number in range(len(FONTS)) if _has(number, letter))
        numbers.append(numbers[-1] if stays else next(first))
    return numbers


def _runs_from_right(text):
    for letter in text:
        if (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return kind != "L"
    return False


def _levels(text, base):
    """How deep each letter's direction is nested (UAX 9, without embeddings)."""
    strong = []
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            strong.append(1)
        elif kind == "L" or kind in ("EN", "AN"):
            strong.append(2 if base or (strong and strong[-1] == 1) else 0)
        else:
            strong.append(None)
    levels = []
    for place, level in enumerate(strong):
        before = levels[-1] if levels else base
        after = next((one for one in strong[place:] if one is not None), base)
        neutral = before if before == after else base
        levels.append(neutral if level is None else level)
    return levels


def _in_order(runs):
    """Runs as they stand from the left (UAX 9, rule L2)."""
    for level in range(max((level for *_, level in runs), default=0), 0, -1):
        ordered = []
        for turned, some in groupby(runs, lambda run, level=level: run[2] >= level):
            part = list(some)
            ordered += reversed(part) if turned else part
        runs = ordered
    return runs


def _direction(level):
    return "rtl" if level % 2 else "ltr"


def _units(text):
    """What a line may end after: words with the space before them, and each letter of
    scripts that are written without spaces."""
    unit = ""
    for letter in text:
        is_alone = 0x3040 <= ord(letter) <= 0x30FF or 0x3400 <= ord(letter) <= 0x9FFF
        if unit and (letter == " " or is_alone):
            yield unit
            unit = ""
        unit += letter
    if unit:
        yield unit


def main(folder):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    job = json.load(sys.stdin)
    picture, focus = None, job.get("focus")
    if job.get("picture"):
        with Image.open(job["picture"], formats=["JPEG"]) as opened:
            picture = opened.convert("RGB")
        picture.info = {}
        develop(picture, job["kinds"], focus, folder)
    if job.get("share"):
        image = draw(job["share"], picture, focus)
        image.save(folder / "share.jpg", quality=88, subsampling=0, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
