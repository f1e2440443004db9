"""Rows and files that several tests begin with: made once in a process, then copied.

To make the demo takes a second, and to copy it takes no time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tests.conftest import MIGRATED, filled_tables, rows_of

# Moments count from when the rows were made: what is old is made anew.
YOUNG = timedelta(minutes=10)
# A trigger of the queue writes these.
NOT_COPIED = {"procrastinate_events"}
_copies = {}


def made_once(name, make):
    """Do what `make` does, or copy what it did in another test, under this name.

    It is copied only if the database is as migrated before. What comes after has other
    keys: a sequence goes on from where it was when the rows were made.
    """
    copy = _copies.get(name)
    if copy and abs(timezone.now() - copy.made_at) < YOUNG:
        copy.write()
        return
    made_at = timezone.now()
    # What a test has made may change what this makes, or be taken for it.
    is_empty = _is_as_migrated(filled_tables())
    make()
    if is_empty and _is_as_migrated(MIGRATED):
        tables = {*filled_tables()} - {*MIGRATED} - NOT_COPIED
        _copies[name] = _Copy(made_at, {t: rows_of(t) for t in tables}, _files())


def _is_as_migrated(tables):
    return {table: rows_of(table) for table in tables} == MIGRATED


@dataclass
class _Copy:
    made_at: datetime
    rows: dict[str, bytes]
    files: dict[Path, bytes]

    def write(self):
        # Keys are checked at the end, so that tables come in any order.
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
        for name, content in self.files.items():
            file = settings.MEDIA_ROOT / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _files():
    root = Path(settings.MEDIA_ROOT)
    found = [file for file in root.rglob("*") if file.is_file()]
    return {file.relative_to(root): file.read_bytes() for file in found}
