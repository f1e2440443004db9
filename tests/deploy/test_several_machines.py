"""The lines of docs/running/several-machines.md make what the page says.

The private network of the page, 10.0.0.x, is 127.0.0.x here.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import yaml
from django.db import connection

from tests.test_architecture import ROOT

PAGE = (ROOT / "docs/running/several-machines.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "deploy/several/compose.yaml").read_text(encoding="utf-8")
BLOCKS = [
    block.replace("10.0.0.", "127.0.0.")
    for block in re.findall(r"^```\n(.+?)^```", PAGE, re.M | re.S)
]
DB1, DB2 = "127.0.0.31", "127.0.0.32"


def block_with(words):
    [block] = [block for block in BLOCKS if words in block]
    return block


class Cluster:
    """PostgreSQL in a folder, as one of the two machines has it."""

    def __init__(self, folder, host):
        self.data, self.host = folder / host / "data", host
        cursor = connection.cursor()
        cursor.execute("SHOW data_directory")
        running = Path(cursor.fetchone()[0])
        pid = (running / "postmaster.pid").read_text().split()[0]
        self._programs = Path(f"/proc/{pid}/exe").resolve().parent
        owner = running.stat()
        self.owner = (owner.st_uid, owner.st_gid)
        root = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        self._as = {"cwd": "/", **(root if os.geteuid() == 0 else {})}
        self.data.parent.mkdir()
        os.chown(self.data.parent, *self.owner)

    def run(self, name, *arguments, **options):
        command = [self._programs / name, *arguments]
        quiet = {"stdout": subprocess.DEVNULL, **self._as}
        return subprocess.run(command, check=True, **quiet, **options)

    @contextmanager
    def started(self):
        own = block_with("wal_keep_size").replace(DB1, self.host)
        settings = dict(re.findall(r"(\w+) = '(.+)'", own))
        # The machine's own name is taken here by the server of the tests.
        settings["listen_addresses"] = settings["listen_addresses"].split(",")[1]
        settings |= {"unix_socket_directories": str(self.data.parent), "port": "5432"}
        words = [w for s in settings.items() for w in ("-c", "=".join(s))]
        server = subprocess.Popen(
            [self._programs / "postgres", "-D", self.data, *words],
            stderr=subprocess.DEVNULL,
            **self._as,
        )
        try:
            self.wait_for(server)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)

    def wait_for(self, server):
        ready = [self._programs / "pg_isready", "--quiet", f"--host={self.data.parent}"]
        while subprocess.run(ready, check=False, **self._as).returncode:
            assert server.poll() is None
            time.sleep(0.05)

    def tell(self, statement, **by):
        at = {
            "host": str(self.data.parent),
            "user": "postgres",
            "dbname": "postgres",
            **by,
        }
        with psycopg.connect(**at, autocommit=True) as own:
            found = own.execute(statement)
            return found.fetchall() if found.description else []


@pytest.fixture
def machines(db):
    folder = Path(tempfile.mkdtemp(prefix="several-"))
    folder.chmod(0o755)
    db1, db2 = Cluster(folder, DB1), Cluster(folder, DB2)
    try:
        yield db1, db2
    finally:
        shutil.rmtree(folder)


def test_the_lines_for_postgresql_make_a_primary_and_its_replica(machines):
    db1, db2 = machines
    db1.run("initdb", f"--pgdata={db1.data}", "--username=postgres", "--auth=trust")
    access = block_with("host replication")
    (db1.data / "pg_hba.conf").write_text(f"local all all trust\n{access}")
    with db1.started():
        db1.tell(block_with("CREATE ROLE replicator"))
        db1.tell("CREATE ROLE campaign LOGIN PASSWORD 'secret'")
        db1.tell("CREATE DATABASE campaigns_restore_trial")
        by = {"host": DB1, "user": "campaign", "password": "secret"}
        assert db1.tell("SHOW wal_keep_size", **by) == [("1GB",)]
        assert db1.tell("SELECT 1", **by, dbname="campaigns_restore_trial")
        # Nobody else comes in, and the site's role copies nothing.
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            db1.tell("SELECT 1", host=DB1)

        [copy] = block_with("pg_basebackup -R").splitlines()
        [whence] = re.findall("--dbname='(.+)'", copy)
        whence = whence.replace("…", "'a long word'")
        copied = ("-R", "-D", str(db2.data), f"--dbname={whence}")
        theirs = f"--dbname=host={DB1} user=campaign password=secret"
        with pytest.raises(subprocess.CalledProcessError):
            db2.run("pg_basebackup", *copied[:3], theirs, stderr=subprocess.DEVNULL)
        db2.run("pg_basebackup", *copied, "--checkpoint=fast")
        with db2.started():
            while not db1.tell("SELECT state FROM pg_stat_replication"):
                time.sleep(0.05)
            assert db2.tell("SELECT pg_is_in_recovery()", **by | {"host": DB2}) == [
                (True,)
            ]


def test_the_lines_are_those_of_the_compose_file():
    services = yaml.safe_load(COMPOSE)["services"]
    rows = dict(
        re.findall(r"^\| `(maxmemory|maxmemory-policy|save) (\S+)` ", PAGE, re.M)
    )

    redis = " ".join(f"--{name} {rows[name]}" for name in ("save", *sorted(rows)[:2]))
    assert services["redis"]["command"] == f"redis-server {redis}"
    assert "wal_keep_size=1GB" in services["db1"]["command"]
    assert "wal_keep_size = '1GB'" in block_with("wal_keep_size")
