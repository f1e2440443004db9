"""The pictures of an export, from a ZIP of its folder “uploads”.

Nothing is fetched: an export names addresses, and a server that asks them would ask
whatever its file says, also machines that only it can reach (decision 72).
"""

import lzma
import re
import zipfile
import zlib
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile

from campaigns.pictures import picture_files
from wordpress.wxr import NoExport

MOST_FILES = 200_000
_SIZE = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|rotated|e\d{9,14})(?=\.\w{2,5}$)")
# Broken, encrypted, or packed in a way that Python does not know.
_BAD = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(OSError, ValueError, NotImplementedError, RuntimeError),
)


class Uploads:
    """The files of a ZIP by the end of their path: “2010/08/photo.jpg”."""

    def __init__(self, file):
        self._names, self._zip = {}, None
        if file is None:
            return
        try:
            self._zip = zipfile.ZipFile(file)
        except _BAD:
            raise NoExport("zip") from None
        infos = self._zip.infolist()
        if len(infos) > MOST_FILES:
            raise NoExport("zip")
        for info in infos:
            if not info.is_dir():
                for key in _keys(info.filename):
                    self._names.setdefault(key, info)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self._zip is not None:
            self._zip.close()

    def picture(self, address):
        """The PreparedPicture of an address; None if it is not there.

        Raises NotAPicture. No more is unpacked than a picture may have.
        """
        info = self._info(address)
        if info is None:
            return None
        try:
            with self._zip.open(info) as packed:
                content = packed.read(picture_files.MOST_BYTES + 1)
        except _BAD:
            raise picture_files.NotAPicture(
                picture_files.REFUSALS["unreadable"]
            ) from None
        return picture_files.prepare(ContentFile(content, info.filename))

    def _info(self, address):
        """The file itself, rather than one of the sizes that WordPress made of it."""
        if self._zip is None:
            return None
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            return None
        for found in (_SIZE.sub("", path), path):
            for key in _keys(found):
                if info := self._names.get(key):
                    return info
        return None


def _keys(path):
    """By what a file is looked for: below “uploads”, or its last three parts."""
    path = path.replace("\\", "/")
    _before, uploads, below = path.rpartition("uploads/")
    if uploads:
        yield below.casefold()
    parts = [part for part in path.split("/") if part]
    yield "/".join(parts[-3:]).casefold()
