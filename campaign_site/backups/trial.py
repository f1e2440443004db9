"""A restore that is tried: into a database of its own, which goes afterwards.

Nothing reads or mails what is in it. Its name is never that of the site's database, and
it has a comment, without which no database is ever dropped here.
"""

from contextlib import contextmanager

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from campaign_site.backups import archive
from campaign_site.backups.tools import CannotBackUp, address

COMMENT = "Trial of a restore, made and dropped by the campaign site"
# Only one trial at a time, of all sites of this server.
_LOCK = 7221
_IS_OURS = """
SELECT shobj_description(oid, 'pg_database') = %s FROM pg_database WHERE datname = %s
"""
_MAY_MAKE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


def restore(file):
    """Restore an open backup, hold it against what was counted, and drop it again.

    Raises CannotBackUp if it cannot be restored, or if something is missing.
    """
    with _database_of_its_own() as database:
        archive.fill(file, database)


@contextmanager
def _database_of_its_own():
    """The address of an empty database, which is dropped at the end."""
    live = address()
    given = settings.BACKUP_TRIAL_URL
    server = conninfo_to_dict(given) if given else live
    # PostgreSQL cuts a longer name, and a cut one could be another database's.
    name = f"{live['dbname'].encode()[:40].decode(errors='ignore')}_restore_trial"
    with psycopg.connect(**server, autocommit=True) as maker:
        if not maker.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()[0]:
            raise CannotBackUp("Another trial of a restore goes on. Try again later.")
        _drop(maker, name)
        _make(maker, name)
        try:
            yield server | {"dbname": name}
        finally:
            _drop(maker, name)


def _make(maker, name):
    if not maker.execute(_MAY_MAKE).fetchone()[0]:
        role = maker.info.user
        raise CannotBackUp(
            f"The role {role} may make no database, so no restore can be tried. Say "
            f"ALTER ROLE {role} CREATEDB, or name another role in BACKUP_TRIAL_URL."
        )
    quoted = sql.Identifier(name)
    maker.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
    said = sql.SQL("COMMENT ON DATABASE {} IS {}").format(quoted, COMMENT)
    maker.execute(said)


def _drop(maker, name):
    """Drop what this or an earlier trial has made, and nothing else."""
    found = maker.execute(_IS_OURS, [COMMENT, name]).fetchone()
    if found is None:
        return
    if not found[0]:
        raise CannotBackUp(
            f"There is a database {name} that is none of ours. Rename it, since trials "
            "of restores need this name."
        )
    maker.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
