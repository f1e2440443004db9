"""A real replica of the test's PostgreSQL, which follows it."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection, transaction

# No fewer than the primary has.
CONNECTIONS = 300


class Replica:
    def __init__(self, folder):
        self.folder = str(folder)

    def tell(self, statement):
        name = connection.settings_dict["NAME"]
        at = {"host": self.folder, "user": "postgres", "dbname": name}
        with psycopg.connect(**at, autocommit=True) as own:
            found = own.execute(statement)
            return found.fetchone()[0] if found.description else None

    def catch_up(self, known="pg_last_wal_replay_lsn()"):
        """Wait until it knows what the primary knows now; or until it has got that."""
        with connection.cursor() as cursor:
            # Tests commit without waiting, so the last ones may not be written yet.
            with transaction.atomic():
                cursor.execute("SET LOCAL synchronous_commit = on")
                cursor.execute("SELECT pg_logical_emit_message(true, '', '')")
            cursor.execute("SELECT pg_current_wal_lsn()")
            [there] = cursor.fetchone()
            while not self.tell(f"SELECT {known} >= '{there}'"):
                cursor.execute("SELECT pg_sleep(0.05)")


@contextmanager
def running_replica():
    """Made by pg_basebackup, as docs/running/several-machines.md says."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    pid = (data / "postmaster.pid").read_text().split()[0]
    programs = Path(f"/proc/{pid}/exe").resolve().parent
    owner = data.stat()
    account = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    run_as = {"cwd": "/", **(account if os.geteuid() == 0 else {})}
    info = connection.connection.info
    folder = Path(tempfile.mkdtemp(prefix="replica-"))
    os.chown(folder, owner.st_uid, owner.st_gid)
    primary = f"host={info.host} port={info.port} user={info.user}"
    copy = ["pg_basebackup", "--write-recovery-conf", "--checkpoint=fast"]
    copy += [f"--pgdata={folder}/data", f"--dbname={primary}"]
    try:
        subprocess.run([programs / copy[0], *copy[1:]], check=True, **run_as)
        # The socket of the primary may be in the folder of its data.
        for lock in folder.glob("data/.s.PGSQL*"):
            lock.unlink()
        own = ("listen_addresses=", f"unix_socket_directories={folder}")
        own += (f"max_connections={CONNECTIONS}", "hot_standby=on")
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data"]
            + [word for setting in own for word in ("-c", setting)],
            stderr=subprocess.DEVNULL,
            **run_as,
        )
        try:
            ready = [programs / "pg_isready", "--quiet", f"--host={folder}"]
            while subprocess.run(ready, check=False, **run_as).returncode:
                assert server.poll() is None
            yield Replica(folder)
        finally:
            server.send_signal(signal.SIGINT)  # does not wait for its clients
            server.wait(60)
    finally:
        shutil.rmtree(folder)
