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
# Dog and cat (templates/components/dog_and_cat.html) on a hill, white on black.
HILL = Path(__file__).with_name("hill.png")
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
    drawing = big.resize(SIZE, Image.Resampling.LANCZOS)
    with Image.open(HILL) as hill:
        place = (SIZE[0] - hill.width, SIZE[1] - hill.height)
        drawing.paste(colours["ground"], (*place, *SIZE), hill)
    return drawing
