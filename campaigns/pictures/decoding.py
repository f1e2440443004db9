"""Decodes a picture that somebody sent, in a process of its own, within limits.

    python -m campaigns.pictures.decoding SOURCE TARGET

TARGET gets the picture upright, in sRGB, on white where it is transparent, and no
larger than any page of ours needs it. Standard output stays empty, or gets a word of
`pictures.REFUSALS` that says why the picture is refused. The process loads neither
Django nor the database, so that it starts fast, and the memory of a codec ends with it.
"""

import io
import math
import resource
import struct
import sys

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000
# Pixels that are decoded as a whole. A JPEG can be decoded at a smaller size.
MOST_AT_ONCE = 25_000_000
MOST_ON_A_SIDE = 20_000  # a JPEG may have 65,500 pixels, but nobody such a strip
MOST_KEPT = 12_000_000
# A photo of 50 million pixels takes two seconds. What takes longer was made for that.
MEMORY, SECONDS = 800 * 1024**2, 10
STRIP = 256  # lines


class PictureRefused(ValueError):
    """The picture is refused; the word says why."""


def decode(file):
    """The picture in an open file, as it is written to TARGET."""
    try:
        with Image.open(file, formats=FORMATS) as opened:
            _look_at(opened)
            opened.load()
            return ImageOps.exif_transpose(_plain_and_small(opened))
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise PictureRefused("pixels") from None
    except MemoryError:
        raise PictureRefused("memory") from None
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
    ):
        raise PictureRefused("unreadable") from None


def _look_at(opened):
    """Refuse, by its first bytes, a picture that would take too much memory."""
    pixels = opened.width * opened.height
    if pixels > MOST_PIXELS:
        raise PictureRefused("pixels")
    if max(opened.size) > MOST_ON_A_SIDE:
        raise PictureRefused("side")
    # A phone's JPEG may hold a second picture, which no browser shows.
    if opened.format in ("GIF", "WEBP", "PNG") and opened.is_animated:
        raise PictureRefused("moves")
    if pixels > MOST_KEPT:
        # It is decoded at a half, a quarter or an eighth, but not smaller than this.
        share = math.sqrt(MOST_KEPT / 2 / pixels)
        opened.draft(None, (int(opened.width * share), int(opened.height * share)))
    if opened.width * opened.height > MOST_AT_ONCE:
        raise PictureRefused("at once")


def _plain_and_small(picture):
    """Convert it strip by strip, so that nothing large is in memory twice."""
    width, height = picture.size
    factor = math.ceil(math.sqrt(width * height / MOST_KEPT))
    small = Image.new("RGB", (math.ceil(width / factor), math.ceil(height / factor)))
    lines = max(1, STRIP // factor) * factor
    for top in range(0, height, lines):
        strip = picture.crop((0, top, width, min(height, top + lines)))
        small.paste(_plain(strip).reduce(factor), (0, top // factor))
    small.info = {"exif": picture.getexif().tobytes()}
    return small


def _plain(picture):
    """The picture in sRGB, whatever its colours were, and without transparency."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits: only the upper eight are seen
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    mask = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        mask = picture.getchannel("A")
        picture = picture.convert("RGB")
    elif picture.mode not in ("RGB", "CMYK", "L"):
        picture = picture.convert("RGB")
    picture = _in_srgb(picture, profile)
    if mask is None:
        return picture
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=mask)
    return flat


def _in_srgb(picture, profile):
    if profile:
        try:
            return ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile, or one of other colours, is ignored
    return picture.convert("RGB")


def main(source, target):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        decode(source).save(target, "PPM")
    except PictureRefused as reason:
        print(reason)


if __name__ == "__main__":
    main(*sys.argv[1:])
