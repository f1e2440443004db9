"""One file that holds the whole site: the database, and the files that staff uploaded.

It is a tar with the output of pg_dump first, in pieces, then `media/`, and last what
was counted when it was made. With a BACKUP_KEY it is encrypted. It is written and read
as a stream, so that memory stays flat and the database is on no disk unencrypted.
Files are in it wherever the site stores them.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import storages
from django.core.files.utils import validate_file_name
from django.db import connection, transaction

from campaign_site.backups import counted
from campaign_site.backups.encryption import MAGIC, decrypting, encrypting
from campaign_site.backups.tools import CannotBackUp, address, running
from campaigns.pictures import picture_files
from petitions import private_files

DUMP = "database"
MEDIA = "media"
COUNTED = "counted.json"
PIECE = 8 * 1024 * 1024
# A line for each table is far less.
MOST_COUNTED = 1024 * 1024
_NO_BACKUP = "This is no whole backup of this site."


@dataclass(frozen=True)
class Written:
    """What a backup holds: rows of each table, files; and its own size and checksum."""

    rows: dict[str, int]
    files: int
    bytes: int
    sha256: str


def write(file):
    """Write a backup to this path; if it fails half-way, no file is left.

    Only its owner can read it, since it holds everything that people entrusted to the
    site. It does not hold the keys of signed-in browsers.
    """
    with whole(file) as stream:
        return write_to(stream)


@contextmanager
def whole(path):
    """A new file of this path to write to, which is there once it is whole."""
    path = Path(path)
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with open(unfinished, "w+b", opener=_private) as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_to(stream):
    """Write a backup to an open file, which can be read; returns what it holds."""
    key = settings.BACKUP_KEY
    with (
        encrypting(stream, key) if key else nullcontext(stream) as inside,
        tarfile.open(fileobj=inside, mode="w|") as tar,
    ):
        rows = _add_dump(tar)
        files = add_stored(tar)
        told = json.dumps({"rows": rows, "files": files}).encode()
        _add(tar, COUNTED, io.BytesIO(told), len(told))
    stream.seek(0)
    sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Written(rows, files, stream.tell(), sha256)


def _add_dump(tar):
    """Add pg_dump's output in pieces, since a tar needs each length beforehand.

    Returns how many rows each table has in it. They are counted in the snapshot that
    is dumped, so a restore must have just as many.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        arguments = (
            "--format=custom",
            "--no-owner",
            f"--snapshot={snapshot}",
            *(f"--exclude-table-data={table}" for table in _sessions()),
        )
        with running("pg_dump", *arguments, stdout=subprocess.PIPE) as process:
            number = 0
            while piece := process.stdout.read(PIECE):
                number += 1
                _add(tar, f"{DUMP}/{number:08}", io.BytesIO(piece), len(piece))
        return counted.rows(cursor, but_none_of=_sessions())


def _sessions():
    """Tables that are left empty: sessions, and rows with a key to one.

    Without the session, such a row could not be restored.
    """
    hanging = [relation.related_model for relation in Session._meta.related_objects]
    return [model._meta.db_table for model in (Session, *hanging)]


def _add(tar, name, file, size):
    member = tarfile.TarInfo(name)
    member.size, member.mtime = size, int(time.time())
    tar.addfile(member, file)


def add_stored(tar):
    """Add what is in the storages, file by file, without what is made again.

    Returns how many files that were.
    """
    added = set()  # both may be the same folder, or the same bucket
    for alias in ("default", "private"):
        for name in _names(storages[alias]):
            if name not in added:
                added.add(name)
                with storages[alias].open(name) as file:
                    _add(tar, f"{MEDIA}/{name}", file, file.size)
    return len(added)


def _names(storage, folder=""):
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        if f"{folder}{name}" not in private_files.made_again():
            yield from _names(storage, f"{folder}{name}/")


def put_back(tar, member):
    """Put a file of a backup where this site stores it.

    Pictures are public, and all else is private, also of a room that is left out here.
    """
    name = member.name.removeprefix(f"{MEDIA}/")
    is_public = name.startswith(f"{picture_files.FOLDER}/")
    with tempfile.TemporaryFile() as content:  # a store goes back and forth in it
        shutil.copyfileobj(tar.extractfile(member), content, PIECE)
        storages["default" if is_public else "private"].save(name, File(content))


def restore(file):
    """Fill an empty database, and the media folder or storage, from an open backup.

    Raises CannotBackUp if the database is not empty: nothing is overwritten. Afterwards
    all of the database is there, or nothing of it.
    """
    if connection.introspection.table_names():
        raise CannotBackUp(
            "The database is not empty. Make a new one (createdb), set DATABASE_URL to "
            "it, and try again: nothing is ever overwritten."
        )
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        raise CannotBackUp(
            f"{media} is not empty. Move it away, or set MEDIA_ROOT to a new folder, "
            "and try again: nothing is ever overwritten."
        )
    _look_through(file)
    fill(file, address(), put_back)


def _look_through(file):
    """Read all of a backup once, so that an incomplete one changes nothing."""
    try:
        with _members(file) as tar:
            names = [_plain(member).name for member in tar]
        for name in names:
            validate_file_name(name, allow_relative_path=True)
    except (ValueError, SuspiciousFileOperation):  # somebody has made up what it says
        raise CannotBackUp(_NO_BACKUP) from None
    ours = (f"{DUMP}/", f"{MEDIA}/")
    if not names or not names[0].startswith(ours[0]) or COUNTED not in names:
        raise CannotBackUp(_NO_BACKUP)
    if not all(name.startswith(ours) for name in names if name != COUNTED):
        raise CannotBackUp(_NO_BACKUP)


def _plain(member):
    """The member, a file with all of its bytes: we write no links and no holes."""
    if not member.isreg() or member.issparse():
        raise CannotBackUp(f"{_NO_BACKUP} {member.name} in it is no plain file.")
    return member


def _counted(file):
    """What was counted, as its member says it."""
    try:
        told = json.loads(file.read(MOST_COUNTED))
        return {"rows": dict(told["rows"]), "files": int(told["files"])}
    except (ValueError, TypeError, LookupError, RecursionError):
        raise CannotBackUp(_NO_BACKUP) from None


def fill(file, database, see=lambda tar, member: None):
    """Fill an empty database from an open backup, and let `see` have each file.

    Returns what was counted when the backup was made. Raises CannotBackUp if it is not
    whole, or if anything else has come into the database.
    """
    arguments = ("--no-owner", "--single-transaction", f"--dbname={database['dbname']}")
    with _members(file) as tar:
        member, files, told = None, 0, None
        with running(
            "pg_restore", *arguments, database=database, stdin=subprocess.PIPE
        ) as process:
            while (member := tar.next()) and member.name.startswith(f"{DUMP}/"):
                shutil.copyfileobj(tar.extractfile(member), process.stdin, PIECE)
            process.stdin.close()
        while member is not None:
            if member.name == COUNTED:
                told = _counted(tar.extractfile(member))
            else:
                files += 1
                see(tar, _plain(member))
            member = tar.next()
    if told is None:
        raise CannotBackUp(_NO_BACKUP)
    if files != told["files"]:
        raise CannotBackUp(f"{files} files are in it instead of {told['files']}.")
    counted.compare(told["rows"], database)
    return told


@contextmanager
def _members(file):
    """The tar in a backup, encrypted or not."""
    file.seek(0)
    is_encrypted = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    key = settings.BACKUP_KEY
    if is_encrypted and not key:
        raise CannotBackUp("It is encrypted: set BACKUP_KEY to its key.")
    if key and not is_encrypted:
        # Its SQL would run as we do, and whoever can write where it was could have
        # put it there.
        raise CannotBackUp(
            "It is not encrypted, although BACKUP_KEY is set. If you made it before "
            "there was a key, and nobody else could write there, restore it without."
        )
    with (
        decrypting(file, key) if key else nullcontext(file) as inside,
        tarfile.open(fileobj=inside, mode="r|") as tar,
    ):
        yield tar


def _private(path, flags):
    return os.open(path, flags, 0o600)
