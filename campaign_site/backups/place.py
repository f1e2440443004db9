"""Where backups are kept: a folder, or a bucket of an S3-compatible store."""

import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from campaign_site import object_store
from campaign_site.backups.archive import PIECE, whole
from campaign_site.backups.tools import CannotBackUp
from petitions import private_files

# What a process that was killed has left is older.
STRAY_AFTER = timedelta(days=1)


class BackupPlace:
    """The place that BACKUPS names."""

    def __init__(self):
        where = settings.BACKUPS
        is_store = where.startswith("s3://")
        kind = object_store.settings(where if is_store else "")["private"]
        self._folder = None if is_store else Path(where)
        if self._folder is not None:
            # A disk that is not mounted has no folder, and ours is not to be filled.
            if not self._folder.is_dir():
                raise CannotBackUp(
                    f"BACKUPS={where} is no folder. Make it, or mount its disk."
                )
            kind["OPTIONS"]["location"] = where
        self._storage = storages.create_storage(kind)

    def put(self, name, write):
        """Let `write` fill an open file of this name; returns what it returns."""
        if self._folder is not None:
            with whole(self._folder / name) as stream:
                return write(stream)
        with private_files.unnamed() as stream:
            written = write(stream)
            self._storage.save(name, File(stream))
        return written

    def put_text(self, name, text):
        self._storage.save(name, ContentFile(text.encode()))

    @contextmanager
    def opened(self, name):
        """An open file with what has this name, on a disk of ours."""
        with self._storage.open(name) as file:
            if self._folder is not None:
                yield file
                return
            with private_files.unnamed() as copy:
                shutil.copyfileobj(file, copy, PIECE)
                copy.seek(0)
                yield copy

    def text(self, name):
        """The text of this name, or "" if there is none."""
        if not self._storage.exists(name):
            return ""
        with self._storage.open(name) as file:
            return file.read().decode()

    def names(self):
        _folders, names = self._storage.listdir("")
        return sorted(names)

    def delete(self, name):
        self._storage.delete(name)

    def tidy(self):
        """Delete what backups left that were stopped half-way."""
        before = timezone.now() - STRAY_AFTER
        for name in self.names():
            is_left = name.endswith(".unfinished")
            if is_left and self._storage.get_modified_time(name) < before:
                self.delete(name)
