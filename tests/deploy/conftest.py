import socket
import subprocess
import sys

import pytest

from tests.deploy.visitor import HOST
from tests.test_architecture import ROOT
from tests.wire import Wire
from tests.worker import worker_environment


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def wire(transactional_db):
    """What carries every statement of gunicorn's; it can be cut."""
    wire = Wire.to_the_database()
    yield wire
    wire.cut()


@pytest.fixture
def gunicorn(tmp_path, wire):
    """The web as its unit starts it; systemd is told when it is ready (Type=notify)."""
    port = free_port()
    environment = worker_environment(9)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(tmp_path / "notify"))
        notified.settimeout(60)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "campaign_site.wsgi"),
                *("--config=gunicorn.conf.py", f"--bind=127.0.0.1:{port}"),
            ],
            cwd=ROOT,
            env=environment
            | {
                "DATABASE_URL": wire.carrying(environment["DATABASE_URL"]),
                "SITE_URL": f"http://{HOST}",
                "TRUSTED_PROXIES": "1",
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
            },
            stderr=subprocess.DEVNULL,
        )
        assert b"READY=1" in notified.recv(1000)
    process.port = port
    yield process
    process.terminate()
    process.wait(30)
