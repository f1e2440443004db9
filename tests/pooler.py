"""A real PgBouncer between the site and PostgreSQL, with deploy/pgbouncer.ini.

It gives a connection to another client after each transaction.
"""

import os
import pwd
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.deploy.web import free_port
from tests.test_architecture import ROOT
from tests.worker import worker_environment

PGBOUNCER = os.environ.get("POOLER")


@contextmanager
def running_pgbouncer(folder, connections=2):
    """Yields a DATABASE_URL that leads through it to the test's database."""
    connection.ensure_connection()
    info, port = connection.connection.info, free_port()
    file, log = folder / "pgbouncer.ini", folder / "pgbouncer.log"
    database = f"host={info.host} port={info.port} user={info.user}"
    file.write_text(configuration(database, "127.0.0.1", port, connections))
    with log.open("wb") as said:
        process = subprocess.Popen(
            [PGBOUNCER, *as_the_owner_of(info.host), str(file)], stderr=said
        )
    while "process up" not in log.read_text():
        assert process.poll() is None, log.read_text()
    direct = urlsplit(worker_environment(9)["DATABASE_URL"])
    pooled = direct._replace(netloc=f"{info.user}@127.0.0.1:{port}", query="")
    try:
        yield pooled.geturl()
    finally:
        process.kill()
        process.wait(60)


def configuration(database, address, port, connections):
    """deploy/pgbouncer.ini for that database, at this address."""
    text = (ROOT / "deploy/pgbouncer.ini").read_text(encoding="utf-8")
    for found, own in (
        (r"campaigns = .*", f"* = {database}"),
        (r"listen_addr = .*", f"listen_addr = {address}"),
        (r"listen_port = .*", f"listen_port = {port}"),
        (r"auth_type = .*\nauth_file = .*", "auth_type = any"),
        (r"default_pool_size = .*", f"default_pool_size = {connections}"),
    ):
        text, number = re.subn(f"^{found}", own, text, flags=re.MULTILINE)
        assert number == 1, found
    return text


def as_the_owner_of(host):
    """It refuses to run as root, and nobody else may enter PostgreSQL's folder."""
    if os.geteuid() or not host.startswith("/"):
        return []
    return ["-u", pwd.getpwuid(Path(host).stat().st_uid).pw_name]
