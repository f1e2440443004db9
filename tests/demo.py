"""The demo of bin/dev: loaded once in a process, which takes a second, then copied."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests.conftest import MIGRATED, filled_tables, rows_of

# The demo's moments count from when it was loaded: it is loaded anew when they are old.
YOUNG = timedelta(minutes=10)
# A trigger of the queue writes these.
NOT_COPIED = {"procrastinate_events"}
_copies = []


def load_demo():
    """Load the demo into a database without campaigns, as the command does."""
    if _copies and abs(timezone.now() - _copies[-1].loaded_at) < YOUNG:
        _copies[-1].write()
        return
    loaded_at = timezone.now()
    # What a test has made may change what the demo makes, or be taken for it.
    is_empty = _is_as_migrated(filled_tables())
    call_command("load_demo", verbosity=0)
    if is_empty and _is_as_migrated(MIGRATED):
        tables = {*filled_tables()} - {*MIGRATED} - NOT_COPIED
        _copies[:] = [_Copy(loaded_at, {t: rows_of(t) for t in tables}, _files())]


def _is_as_migrated(tables):
    return {table: rows_of(table) for table in tables} == MIGRATED


@dataclass
class _Copy:
    loaded_at: datetime
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
