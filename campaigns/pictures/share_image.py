"""Draws the image that other websites show of a campaign: its title and its picture."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from campaigns.pictures.cutting import cut
from campaigns.pictures.lettering import Lettering, NoLetters

ICON = Path(__file__).resolve().parents[2] / "static/img/apple-touch-icon.png"
SIZE = (1200, 630)
LETTER_SIZES = (76, 70, 64, 58, 52, 47, 42, 38, 34)
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
FINER = 2  # drawn larger and then made smaller: Pillow's edges are hard


def draw(share, picture, focus):
    """The share image: title and ask stand beside the picture, or over our own drawing.

    A title in letters that no font has is left out, rather than drawn as boxes. In a
    language that is written from the right, all of it is the mirror of the others.
    """
    colours = share["colours"]
    try:
        lines = [
            Lettering(share[part], 720, share["from_right"])
            for part in ("title", "ask")
        ]
    except NoLetters:
        lines = []
        if picture is not None:
            return ImageOps.fit(picture, SIZE, centering=[f / 100 for f in focus])
    is_rtl = lines[0].is_rtl if lines else share["from_right"]
    canvas = Image.new("RGB", SIZE, colours["night"])
    left, right = EDGE, SIZE[0] - EDGE
    if picture is None:
        canvas.paste(_drawing(colours))
        if is_rtl:
            canvas = canvas.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        bottom = SIZE[1] - FOOT - 160
    else:
        _beside(canvas, picture, focus, is_rtl)
        room = PICTURE_WIDTH + EDGE * 4 // 5
        left, right = (room, right) if is_rtl else (left, SIZE[0] - room)
        bottom = SIZE[1] - FOOT - 36
    pen = ImageDraw.Draw(canvas)
    if lines:
        _titles(pen, lines, (left, EDGE - 8, right, bottom), colours)
    _foot(canvas, pen, share, (left, right), is_rtl)
    return canvas


def _beside(canvas, picture, focus, is_rtl):
    size = (PICTURE_WIDTH, SIZE[1])
    scale = max(size[0] / picture.width, size[1] / picture.height)
    part = (round(size[0] / scale), round(size[1] / scale))
    part = (min(part[0], picture.width), min(part[1], picture.height))
    shown = cut(picture, part, focus).resize(size, Image.Resampling.LANCZOS)
    canvas.paste(shown, (0 if is_rtl else SIZE[0] - PICTURE_WIDTH, 0))


def _titles(pen, texts, box, colours):
    """Write the texts as large as they fit; at the smallest size, cut them off."""
    left, top, right, bottom = box
    width = right - left
    for size in LETTER_SIZES:
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
    with Image.open(ICON) as icon:
        mark = icon.convert("RGB").resize((52, 52), Image.Resampling.LANCZOS)
    mask = Image.new("L", (52 * FINER, 52 * FINER))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), 9 * FINER, "white")
    mask = mask.resize(mark.size, Image.Resampling.LANCZOS)
    top = SIZE[1] - EDGE - mark.height + 4
    try:
        name = Lettering(share["site"], 640).line()
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
    """The site's drawing: dog and cat on a hill, with the light behind them."""
    big = Image.new("RGB", [side * FINER for side in SIZE], colours["night"])
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
    return big.resize(SIZE, Image.Resampling.LANCZOS)


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
