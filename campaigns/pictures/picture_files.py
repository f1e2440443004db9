"""Pictures of campaigns and updates: checked by their content, stored as we encode it.

Only what we decoded and encoded anew is stored, so nothing of the file that came is
left: no place and time of the camera, no second file behind the picture. Names are
random, or say what is drawn, and are never used twice, so that browsers may cache them
for a year. Each name is a folder in the storage (decision 27):

    <picture>/1600.jpg, 800.jpg      made at once, when the picture is taken in
    <cuts>/wide-960.avif, …          made by a worker (campaigns/pictures/rendering.py)
    <share image>/share.jpg          made by a worker
"""

import io
import json
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override

from branding.site import the_site
from campaigns.pictures import cutting
from database.keyed_hashes import keyed_hash
from pages.addresses import absolute

SMALL, LARGE = 800, 1600
QUALITY = {SMALL: 82, LARGE: 90}  # the worker cuts from the large one
MOST_HIGH = 3200
# This is less than the proxy lets through (deploy/nginx.conf).
MOST_BYTES = 10 * 1024 * 1024
DECODING_SECONDS = 30  # less than a proxy waits (deploy/nginx.conf)
# Only the process that draws loads this module, and with it the PDF library: importing
# it here would add a quarter to the start and the memory of each process of the site.
RENDERING = "campaigns.pictures.rendering"
MAKING_SECONDS = 120
FOLDER = "pictures"
SHARE_FILE = "share.jpg"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
_NAME = re.compile(r"[0-9a-f]{32}")
# The site's own colours in a share image; its letters are nearly white.
SHARE_COLOURS = ("night", "ground", "halo_1", "halo_2", "light")
# Raise this when the same picture is to be cut, or drawn, in another way.
_EDITION = 1


# Sentences by the words of campaigns/pictures/decoding.py.
REFUSALS = {
    "pixels": _("Choose a picture of at most 50 million pixels."),
    "at once": _(
        "Choose a picture of at most 25 million pixels, or save it as a JPEG."
    ),
    "side": _("Choose a picture of at most 20,000 pixels on a side."),
    "moves": _("This picture is animated. Choose one that is not."),
    "memory": _("This picture takes too much memory. Choose a smaller one."),
    "unreadable": _("We cannot read this picture. Choose a JPEG, PNG, WebP or GIF."),
}


class NotAPicture(ValueError):
    """The file cannot be used; the words tell its sender why."""


@dataclass(frozen=True)
class PreparedPicture:
    """A picture that was checked and can be stored."""

    width: int
    height: int
    files: dict

    def keep(self):
        """Store it; returns its name."""
        name = secrets.token_hex(16)
        _store(name, self.files)
        return name


def prepare(file):
    """Check a picture (an open file); nothing of it is stored yet."""
    if file.size > MOST_BYTES:
        raise NotAPicture(_("Choose a picture of at most 10 MB."))
    from PIL import Image

    picture = read(file)
    picture.thumbnail((LARGE, MOST_HIGH), Image.Resampling.LANCZOS)
    files = {}
    for width in (LARGE, SMALL):
        sized = picture.resize(fitted(*picture.size, width), Image.Resampling.LANCZOS)
        content = io.BytesIO()
        sized.save(
            content, "JPEG", quality=QUALITY[width], optimize=True, progressive=True
        )
        files[f"{width}.jpg"] = content.getvalue()
    return PreparedPicture(*fitted(*picture.size, LARGE), files)


def share_colours():
    own = the_site().colours
    return {name: own[name] for name in SHARE_COLOURS} | {"text": "#f3f8f8"}


def take_in(file):
    """Check and store a picture (an open file); returns its name, width and height."""
    prepared = prepare(file)
    return prepared.keep(), prepared.width, prepared.height


def forget(name):
    """Delete the files of a name. Safe to call twice."""
    if not _NAME.fullmatch(name):
        return
    folder = f"{FOLDER}/{name}"
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)


def fitted(width, height, most):
    """Width and height, made smaller if the width is more than `most` pixels."""
    if width <= most:
        return width, height
    return most, max(1, round(height * most / width))


def url(name, file):
    """The address of a file: on this site, or at the storage's public address."""
    if not name:
        return ""
    if settings.STORAGE_PUBLIC_URL:
        return f"{settings.STORAGE_PUBLIC_URL}/{FOLDER}/{name}/{file}"
    return reverse("picture", kwargs={"name": name, "file": file})


def absolute_url(name, file):
    """The same as an absolute address, for mails, feeds and shared links."""
    address = url(name, file)
    return absolute(address) if address.startswith("/") else address


@csp_override({"default-src": [CSP.NONE], "sandbox": True})
def picture(request, name, file):
    """A file of a picture. It never changes, so browsers may cache it for a year.

    They cache a share image for an hour: its campaign may be taken off the site.
    """
    try:
        content = default_storage.open(f"{FOLDER}/{name}/{file}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=TYPES[file.rpartition(".")[2]])
    seconds = 3600 if file == SHARE_FILE else 31536000
    response["Cache-Control"] = f"public, max-age={seconds}, immutable"
    return response


def opened(name, width):
    """The open JPEG of a picture in this width, or None if there is none."""
    try:
        return default_storage.open(f"{FOLDER}/{name}/{width}.jpg") if name else None
    except FileNotFoundError:
        return None


def read(file):
    """The picture in an open file, upright, in plain colours, on white.

    A process of its own decodes it, one picture at a time, with limits to memory and
    time (campaigns/pictures/decoding.py). A very large picture is made smaller.
    """
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder, _ONE_AT_A_TIME:
        source, target = Path(folder, "source"), Path(folder, "target")
        file.seek(0)
        with source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "campaigns.pictures.decoding", source, target],
                cwd=settings.ROOT,
                timeout=DECODING_SECONDS,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a faulty picture writes no line to the log
                text=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotAPicture(REFUSALS["memory"]) from None
        if word := done.stdout.strip():
            raise NotAPicture(REFUSALS[word])
        if done.returncode:
            raise NotAPicture(REFUSALS["memory"])
        with Image.open(target, formats=["PPM"]) as picture:
            picture.load()
            return picture


_ONE_AT_A_TIME = threading.Lock()


def sources(row, kind, sizes, media=""):
    """The sources of a <picture>, the best format first, and its <img>.

    A cut that is not made yet is replaced by the picture as it was taken in.
    """
    size = (row.picture_width, row.picture_height)
    width, height = cutting.shape(kind, size)
    about = {"media": media, "sizes": sizes, "width": width, "height": height}
    if not row.picture_cuts or kind not in row.KINDS:
        files = {
            fitted(*size, most)[0]: url(row.picture, f"{most}.jpg")
            for most in (SMALL, LARGE)
        }
        return [_source(files, about)]
    found = []
    for ending in cutting.FORMATS:
        files = {
            one: url(row.picture_cuts, f"{kind}-{one}.{ending}")
            for one in cutting.widths(kind, size)
        }
        found.append({"type": TYPES[ending], **_source(files, about)})
    return found


def _source(files, about):
    srcset = ", ".join(f"{address} {width}w" for width, address in files.items())
    return {"src": list(files.values())[-1], "srcset": srcset, **about}


# What the worker makes.


def name_for(*shown):
    """The name for what is made from these values: equal values make an equal name.

    Nobody else can work it out. Otherwise somebody who guesses the title of a draft
    could find its share image.
    """
    words = json.dumps([_EDITION, *shown], ensure_ascii=False, sort_keys=True)
    return keyed_hash("pictures", words)[:16].hex()


def make(*, cuts="", share_image="", picture="", focus=(50, 50), kinds=(), share=None):
    """Cut a picture, and draw a share image, under the names that are given.

    A process of its own does it, with limits to memory and time
    (campaigns/pictures/rendering.py).
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = {"focus": focus, "kinds": kinds if cuts else [], "share": share}
        if picture:
            source = folder / "source.jpg"
            with default_storage.open(f"{FOLDER}/{picture}/{LARGE}.jpg") as large:
                source.write_bytes(large.read())
            job["picture"] = str(source)
        made = folder / "made"
        made.mkdir()
        subprocess.run(
            [sys.executable, "-m", RENDERING, str(made)],
            input=json.dumps(job),
            text=True,
            cwd=settings.ROOT,
            timeout=MAKING_SECONDS,
            check=True,
        )
        files = {file.name: file.read_bytes() for file in made.iterdir()}
    if share_image:
        _store(share_image, {SHARE_FILE: files.pop(SHARE_FILE)})
    if cuts:
        _store(cuts, files)


def _store(name, files):
    for file, content in files.items():
        default_storage.save(f"{FOLDER}/{name}/{file}", ContentFile(content))
