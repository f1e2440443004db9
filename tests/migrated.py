"""The migrations run once, and the databases of all processes of tests are copies.

With three processes on two cores that saves 12 s of CPU in each run. The next run
begins with what they made, for as long as no code has changed: that saves 5 s more, in
which all processes would wait. With --release and with --clock they run each time.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.creation import DatabaseCreation

from campaign_site.backups.tools import CannotBackUp, running

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var/cache/migrated"
# No code of the site: what is in them changes no database.
_OTHERS = {"bench", "docs", "tests", "var"}

# Who holds it makes the first database, or finds it made.
_ONE_MAKES_IT = "SELECT pg_advisory_lock(7218)"
_create_test_db = DatabaseCreation.create_test_db


def migrated_once(patch, *, keeps):
    """Let Django copy its test database, where another process has one already.

    The first one may be that of an earlier run, if this run keeps databases. Returns
    the name of what is copied.
    """
    if keeps:
        patch.setattr(DatabaseCreation, "create_test_db", _kept)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:  # one process, whose database is its own
        return None
    template = f"test_migrated_{run}"
    patch.setattr(
        DatabaseCreation,
        "create_test_db",
        lambda creation, **options: _copy_or_make(
            creation, template, _kept if keeps else _create_test_db, **options
        ),
    )
    return template


def end_other_sessions():
    """Let Django drop its test database also while a session of a test ends there.

    A process that a test has stopped may be gone before PostgreSQL has noticed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def drop(template):
    """At the end of a process, when nobody copies it.

    Who still needs a database migrates once more.
    """
    if template:
        with connection._nodb_cursor() as cursor:
            cursor.execute(_ONE_MAKES_IT)
            cursor.execute(f"DROP DATABASE IF EXISTS {template}")


def _copy_or_make(creation, template, make, *, verbosity, autoclobber, keepdb):
    with creation._nodb_cursor() as cursor:
        cursor.execute(_ONE_MAKES_IT)
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is None:
            name = make(creation, verbosity, autoclobber, keepdb=keepdb)
            creation.connection.close()  # nobody may be in what is copied
            cursor.execute(f"CREATE DATABASE {template} TEMPLATE {name}")
            return name
        return _copy(creation, template, verbosity, autoclobber)


def _copy(creation, template, verbosity, autoclobber):
    name = creation._get_test_db_name()
    settings = creation.connection.settings_dict
    settings["TEST"]["TEMPLATE"] = template
    creation._create_test_db(verbosity, autoclobber)
    creation.connection.close()
    settings["NAME"] = name
    return name


def _kept(creation, verbosity=1, autoclobber=False, keepdb=False, **_others):
    """Make the database of an earlier run again, or keep the one that is migrated."""
    with creation._nodb_cursor() as cursor:
        server = cursor.connection.info.server_version
    file = KEPT / f"{server}-{fingerprint(ROOT)}"
    if file.exists():
        name = _copy(creation, None, verbosity, autoclobber)
        with file.open("rb") as stream:
            tool = ("pg_restore", "--no-owner", f"--dbname={name}")
            with running(*tool, stdin=stream):
                pass
        return name
    name = _create_test_db(creation, verbosity, autoclobber, keepdb=keepdb)
    with suppress(CannotBackUp):  # where PostgreSQL has come without its tools
        _keep(file)
    return name


def _keep(file):
    KEPT.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    with running("pg_dump", "--format=custom", f"--file={unfinished}"):
        pass
    for former in KEPT.iterdir():
        if former != unfinished:
            former.unlink(missing_ok=True)
    unfinished.replace(file)


def fingerprint(root):
    """Another one whenever some code of the site changes, or the packages do.

    Migrations are not all that makes a database: they ask the models, and what comes
    after them asks who may do what.
    """
    found = sha256(",".join(settings.ROOMS).encode())
    rooms = [path for path in root.glob("[!.]*/") if path.name not in _OTHERS]
    code = [file for room in rooms for file in room.rglob("*.py")]
    for file in [root / "requirements.txt", *sorted(code)]:
        found.update(f"\n{file.relative_to(root)}\n".encode() + file.read_bytes())
    return found.hexdigest()[:20]
