"""PostgreSQL, the prepared site and its web servers, as they run in production."""

import http.client
import os
import queue
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command

from postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var/bench"
NO_LIMIT = "1000000000"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "campaign_site.settings",
    "SECRET_KEY": "known to everyone, and good for nothing but measuring",
    "SITE_URL": "http://127.0.0.1",
    "SITE_NAME": "Letters for Animals",
    "DEFAULT_FROM_EMAIL": "Letters for Animals <hello@letters.example>",
    "CONTACT_EMAIL": "hello@letters.example",
    "CONTROLLER": "Letters for Animals, 1 Example Street, Bakersfield",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "STATIC_ROOT": str(VAR / "static"),
    # Every act is counted as ever; none is one too many.
    "LIMIT_POSTS_A_MINUTE": NO_LIMIT,
    "LETTERS_AN_HOUR": "0",
    "LETTERS_AN_HOUR_TO_DOMAIN": "0",
    "LIMIT_ACTS_BEFORE_HELD": NO_LIMIT,
    "LIMIT_ACTS_OF_DOMAIN": NO_LIMIT,
    "LIMIT_COMMENTS": NO_LIMIT,
}
# The developer's own settings must not decide what is measured.
UNSET = (
    "ALLOWED_HOSTS", "DEBUG", "DEVELOPMENT", "GUNICORN_CMD_ARGS",
    "REDIS_URL", "TRUSTED_PROXIES", "WEB_CONCURRENCY", "WEB_THREADS",
)  # fmt: skip
SECONDS_TO_START = 30


@dataclass
class Server:
    """A running gunicorn."""

    name: str
    pid: int
    port: int


def new_postgres():
    """A new cluster with PostgreSQL's own settings: a commit waits for the disk."""
    postgres = Postgres("bench", leaf="postgres")
    postgres.remove()  # what a killed bench has left
    return postgres


def postmaster(postgres):
    """The number of PostgreSQL's first process, whose children do the work."""
    return int((postgres.data / "postmaster.pid").read_text().splitlines()[0])


def prepare_site(database_url):
    """Tables, the demo campaign and hashed static files; Django works from here on."""
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ.update(ENVIRONMENT, DATABASE_URL=database_url)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    # Production has no such command: it is of development alone.
    from campaign_site.development.management.commands import load_demo

    call_command(load_demo.Command(), stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    subprocess.run([sys.executable, "-m", "bench.empty_project"], check=True)


def start_gunicorn(processes, name, application, **environment):
    """The production command on a free port, which is bound before anybody else can."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        process = processes.start(
            name,
            [
                *(sys.executable, "-m", "gunicorn", application),
                *("--config=gunicorn.conf.py", f"--bind=fd://{listening.fileno()}"),
            ],
            log=VAR / f"{name}.log",
            echo=False,
            pass_fds=[listening.fileno()],
            env=os.environ | environment | {"SITE_URL": f"http://127.0.0.1:{port}"},
        )
    server = Server(name, process.pid, port)
    give_up = time.monotonic() + SECONDS_TO_START
    while not _answers(server):
        refuse_ended(processes)
        if time.monotonic() > give_up:
            sys.exit(f"{name} does not answer: see {VAR}/{name}.log.")
        time.sleep(0.1)
    return server


def start_worker(processes, name, log, *options, **environment):
    """The production command, which works on what is in the queue."""
    return processes.start(
        name,
        [sys.executable, "manage.py", "worker", *options],
        log=log,
        echo=False,
        cwd=ROOT,
        env=os.environ | environment,
    )


def refuse_ended(processes):
    """End the bench when a server has ended by itself."""
    with suppress(queue.Empty):
        name = processes.ended.get_nowait()
        sys.exit(f"{name} ended by itself: its last words are in {VAR}/{name}.log.")


def get(server, path):
    """Status, headers and body, as a browser that takes Brotli gets them."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, 10)) as client:
        client.request("GET", path, headers={"Accept-Encoding": "br"})
        answer = client.getresponse()
        return answer.status, answer.headers, answer.read()


def _answers(server):
    with suppress(OSError, http.client.HTTPException):
        return get(server, "/")[0] == 200
    return False
