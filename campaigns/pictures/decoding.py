"""Decodes a picture that somebody sent: a process of its own, within limits.

    python -m campaigns.pictures.decoding SOURCE TARGET

TARGET gets the picture upright, in plain colours (sRGB), on white where it lets
through, and no larger than anything here needs it. Standard output gets nothing, or why
it is refused: a word of `pictures.REFUSALS`. It knows neither Django nor the database,
so that it starts fast, and what a codec takes goes with the process.
"""

import io
import math
import resource
import struct
import sys

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000
# Of what is decoded as a whole. Of a JPEG a smaller picture can be decoded.
MOST_AT_ONCE = 25_000_000
MOST_ON_A_SIDE = 20_000  # a JPEG holds 65,500 of them, and nobody such a strip
MOST_KEPT = 12_000_000
MEMORY, SECONDS = 800 * 1024**2, 30
STRIP = 256  # lines


class PictureRefused(ValueError):
    """The word says why."""


def decode(file):
    """The picture in an open file, as TARGET gets it."""
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
    """Refuse, by what its first bytes say, what would take too much."""
    pixels = opened.width * opened.height
    if pixels > MOST_PIXELS:
        raise PictureRefused("pixels")
    if max(opened.size) > MOST_ON_A_SIDE:
        raise PictureRefused("side")
    # A phone's JPEG may hold a second picture, which no browser shows.
    if opened.format in ("GIF", "WEBP", "PNG") and opened.is_animated:
        raise PictureRefused("moves")
    if pixels > MOST_KEPT:
        # It comes in a half, a quarter or an eighth, and not smaller than this.
        share = math.sqrt(MOST_KEPT / 2 / pixels)
        opened.draft(None, (int(opened.width * share), int(opened.height * share)))
    if opened.width * opened.height > MOST_AT_ONCE:
        raise PictureRefused("at once")


def _plain_and_small(picture):
    """Strip by strip, so that nothing large is there twice."""
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
    """In sRGB, whatever its colours were, and without what lets through."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits: the upper eight are what is seen
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
            pass  # a profile that is broken, or of other colours: as if there was none
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
