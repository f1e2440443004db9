"""The web as its unit starts it, on the database of the test."""

import socket
import subprocess
import sys
from contextlib import contextmanager

from tests.test_architecture import ROOT
from tests.worker import worker_environment


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def running_gunicorn(folder, **environment):
    """Behind one proxy, with two processes; systemd is told when it is ready
    (Type=notify). Yields the process, with its port."""
    port = free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(folder / "notify"))
        notified.settimeout(300)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "campaign_site.wsgi"),
                *("--config=gunicorn.conf.py", f"--bind=127.0.0.1:{port}"),
            ],
            cwd=ROOT,
            env=worker_environment(9)
            | {"TRUSTED_PROXIES": "1", "NOTIFY_SOCKET": str(folder / "notify")}
            | environment,
            stderr=subprocess.DEVNULL,
        )
        assert b"READY=1" in notified.recv(1000)
    process.port = port
    try:
        yield process
    finally:
        process.terminate()
        process.wait(300)
