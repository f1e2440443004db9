"""The web as its unit starts it, on the database of the test."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.test_architecture import ROOT
from tests.worker import worker_environment


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def running_gunicorn(folder, config="gunicorn.conf.py", **environment):
    """Behind one proxy, with two processes; systemd is told when it is ready
    (Type=notify). Yields the process, with its port, and ends it, or the one that a
    reload has put in its place."""
    port = free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(folder / "notify"))
        notified.settimeout(300)
        process = subprocess.Popen(
            [
                *(
                    str(Path(sys.executable).with_name("gunicorn")),
                    "campaign_site.wsgi",
                ),
                *(f"--config={config}", f"--bind=127.0.0.1:{port}"),
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
            end_those_after_it(notified)


def end_those_after_it(notified):
    """What systemd would end: a process that was named as the main one meanwhile."""
    notified.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            if named := re.search(rb"MAINPID=(\d+)", notified.recv(1000)):
                process = os.pidfd_open(int(named[1]))
                signal.pidfd_send_signal(process, signal.SIGTERM)
                ended, _, _ = select.select([process], [], [], 300)
                os.close(process)
                assert ended


def children(pid):
    """The processes that it has started and that still run."""
    return set((ROOT / f"/proc/{pid}/task/{pid}/children").read_text().split())
