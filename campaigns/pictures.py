"""Pictures of updates: taken in by their content, kept in two sizes of our own making.

What is kept was decoded and encoded anew, so that nothing of the file that came stays:
no place and time of the camera, no second file behind the picture. Names are random
and never used twice, so that browsers may keep them for a year.
"""

import io
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps, UnidentifiedImageError

SMALL, LARGE = 800, 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Less than the proxy lets through (deploy/nginx.conf).
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_ON_A_SIDE = 20_000  # a JPEG holds 65,500 of them, and nobody such a strip
_NAME = re.compile(r"[0-9a-f]{32}")


class NotAPicture(ValueError):
    """What came cannot be used; the words say why, for the one who sent it."""


def take_in(file):
    """Keep a picture (an open file); returns its name, width and height."""
    if file.size > MOST_BYTES:
        raise NotAPicture(_("Choose a picture of at most 10 MB."))
    picture = read(file)
    name = secrets.token_hex(16)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for width in (SMALL, LARGE):
        sized = picture.resize(fitted(*picture.size, width), Image.Resampling.LANCZOS)
        content = io.BytesIO()
        sized.save(content, "JPEG", quality=82, optimize=True, progressive=True)
        (folder / f"{name}-{width}.jpg").write_bytes(content.getvalue())
    return name, *fitted(*picture.size, LARGE)


def forget(name):
    """Delete the files of a picture. Safe to call twice."""
    for width in (SMALL, LARGE):
        if _NAME.fullmatch(name):
            (_folder() / f"{name}-{width}.jpg").unlink(missing_ok=True)


def fitted(width, height, most):
    """Width and height within `most` pixels of width, never larger than it is."""
    if width <= most:
        return width, height
    return most, max(1, round(height * most / width))


def url(name, width):
    return reverse("picture", kwargs={"name": name, "width": width}) if name else ""


@require_safe
def picture(request, name, width):
    """One of our files; it never changes, so that browsers may keep it for a year."""
    path = _folder() / f"{name}-{width}.jpg"
    if not (_NAME.fullmatch(name) and path.is_file()):
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def read(file):
    """The picture upright, in plain colours, on white where it lets through."""
    try:
        file.seek(0)
        with Image.open(file, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture(_("Choose a picture of at most 50 million pixels."))
            if max(opened.size) > MOST_ON_A_SIDE:
                raise NotAPicture(
                    _("Choose a picture of at most 20,000 pixels on a side.")
                )
            opened.load()
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except NotAPicture:
        raise
    except Image.DecompressionBombError:
        raise NotAPicture(_("Choose a picture of at most 50 million pixels.")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise NotAPicture(
            _("This is no picture that can be read. Choose a JPEG, PNG, WebP or GIF.")
        ) from None
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    return flat


def _folder():
    return Path(settings.MEDIA_ROOT) / "updates"
