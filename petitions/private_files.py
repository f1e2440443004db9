"""Files that only staff may open: scans of sheets, and what is made for officials.

They are in Django's storage "private", on the disk or in a bucket. No address leads
there: views hand a file out to staff who may see its row (decision 67).

A row names each file. Its file is deleted by a job of the transaction that deletes the
row. A file that no row names is what an interrupted upload left, and goes after a day.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone
from procrastinate.contrib.django import app

from database.retrying import for_a_day

# No form and no job takes longer from its file to its row.
STRAY_AFTER = timedelta(days=1)
_folders: dict[str, "Folder"] = {}


class Folder:
    """The private files of one model, by their names.

    `pattern` is what their names look like, and `rows()` are those that name them. What
    a button makes again is in no backup, since it holds names for some days only.
    """

    def __init__(self, folder, pattern, rows, *, is_made_again=False):
        self._folder, self._pattern, self._rows = folder, pattern, rows
        self.is_made_again = is_made_again
        _folders[folder] = self

    def save(self, name, content):
        """Store an open file; one of this name is replaced."""
        _storage().save(self._path(name), content)

    def open(self, name):
        """The open file of this name, or None when there is none."""
        if not self._pattern.fullmatch(name):
            return None
        try:
            return _storage().open(self._path(name))
        except FileNotFoundError:
            return None

    def forget_later(self, names):
        """Have these files deleted once this transaction commits, even if we crash."""
        for name in names:
            forget_file.defer(folder=self._folder, name=name)

    def forget(self, name):
        """Delete the file. Safe to call twice."""
        if self._pattern.fullmatch(name):
            _storage().delete(self._path(name))

    def strays(self):
        """The names of files that no row has named for STRAY_AFTER."""
        try:
            _inside, names = _storage().listdir(self._folder)
        except FileNotFoundError:
            return
        named = self._rows().filter(name__in=names).values_list("name", flat=True)
        latest = timezone.now() - STRAY_AFTER
        for name in sorted({*names} - {*named}):
            if _storage().get_modified_time(self._path(name)) < latest:
                yield name

    def _path(self, name):
        return f"{self._folder}/{name}"


@app.task(name="petitions.forget_file", retry=for_a_day)
def forget_file(folder, name):
    _folders[folder].forget(name)


def folders():
    """The names of the folders of private files."""
    return set(_folders)


def made_again():
    """Those whose files need no backup."""
    return {name for name, folder in _folders.items() if folder.is_made_again}


def unnamed():
    """An open file for work in progress, gone with this process, even a killed one.

    It stands on the disk of MEDIA_ROOT, since /tmp may be in memory.
    """
    Path(settings.MEDIA_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=settings.MEDIA_ROOT)


def strays():
    """Pairs of folder and name of the files that no row names."""
    return [
        (name, stray) for name, folder in _folders.items() for stray in folder.strays()
    ]


def forget(found):
    """Delete them; returns how many."""
    for folder, name in found:
        _folders[folder].forget(name)
    return len(found)


def _storage():
    return storages["private"]
