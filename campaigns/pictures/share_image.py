"""Draws the image that other websites show of a campaign: its title and its picture."""

import io
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from campaigns.pictures.cutting import cut
from campaigns.pictures.typesetting import printable, runs_from_right, typeset

ICON = Path(__file__).resolve().parents[2] / "static/img/apple-touch-icon.png"
TEMPLATE = Path(__file__).with_name("share_image.typ")
SIZE = (1200, 630)
EDGE = 68
PICTURE_WIDTH = 470
FOOT = 96  # for the site's name
LONGEST_NAME = 640
MARK = 52
# Dog and cat (templates/components/dog_and_cat.html) on a hill, white on black.
HILL = Path(__file__).with_name("hill.png")
FINER = 2  # drawn larger and then made smaller: Pillow's edges are hard


def draw(share, picture, focus):
    """The share image: title and ask stand beside the picture, or over our own drawing.

    A title in letters that no font has is left out, rather than drawn as boxes. In a
    language that is written from the right, all of it is the mirror of the others.
    """
    said = {part: printable(share[part]) for part in ("title", "ask", "site")}
    if None in (said["title"], said["ask"]):
        if picture is not None:
            return ImageOps.fit(picture, SIZE, centering=[f / 100 for f in focus])
        said |= {"title": "", "ask": ""}
    is_rtl = share["from_right"] or runs_from_right(said["title"])
    canvas = Image.new("RGB", SIZE, share["colours"]["night"])
    left, right = EDGE, SIZE[0] - EDGE
    if picture is None:
        canvas.paste(_drawing(share["colours"]))
        if is_rtl:
            canvas = canvas.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        bottom = SIZE[1] - FOOT - 160
    else:
        _beside(canvas, picture, focus, is_rtl)
        room = PICTURE_WIDTH + EDGE * 4 // 5
        left, right = (room, right) if is_rtl else (left, SIZE[0] - room)
        bottom = SIZE[1] - FOOT - 36
    top = SIZE[1] - EDGE - MARK + 4
    _put_mark(canvas, right - MARK if is_rtl else left, top)
    beside = min(right - left, LONGEST_NAME) - MARK - 18
    x = right - MARK - 18 - beside if is_rtl else left + MARK + 18
    data = {
        **{part: text or "" for part, text in said.items()},
        "colours": share["colours"],
        "from_right": is_rtl,
        "box": (left, EDGE - 8, right - left, bottom - EDGE + 8),
        "foot": (x, top + 15, beside),
    }
    return _written(canvas, data)


def _written(canvas, data):
    with tempfile.TemporaryDirectory() as folder:
        canvas.save(f"{folder}/back.png")
        drawn = typeset(TEMPLATE, data, folder, format="png", ppi=72)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def _beside(canvas, picture, focus, is_rtl):
    size = (PICTURE_WIDTH, SIZE[1])
    scale = max(size[0] / picture.width, size[1] / picture.height)
    part = (round(size[0] / scale), round(size[1] / scale))
    part = (min(part[0], picture.width), min(part[1], picture.height))
    shown = cut(picture, part, focus).resize(size, Image.Resampling.LANCZOS)
    canvas.paste(shown, (0 if is_rtl else SIZE[0] - PICTURE_WIDTH, 0))


def _put_mark(canvas, x, y):
    with Image.open(ICON) as icon:
        mark = icon.convert("RGB").resize((MARK, MARK), Image.Resampling.LANCZOS)
    mask = Image.new("L", (MARK * FINER, MARK * FINER))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), 9 * FINER, "white")
    mask = mask.resize(mark.size, Image.Resampling.LANCZOS)
    canvas.paste(mark, (x, y), mask)


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
