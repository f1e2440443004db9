"""PostgreSQL, the prepared site and its web servers, as they run in production."""

import http.client
import os
import queue
import shutil
import socket
import subprocess
import sys
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command

import messages
from library import ROOT, VAR
from library.program import the_only_one, wait_until
from nginx import find_nginx
from postgres import Postgres
from processes import Processes, interrupt_on_signals
from tests.deploy import nginx

NO_LIMIT = "1000000000"
MEDIA = VAR / "media"
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
    "MEDIA_ROOT": str(MEDIA),
    # Every act is counted as ever; none is one too many.
    "LIMIT_POSTS_A_MINUTE": NO_LIMIT,
    "LETTERS_AN_HOUR": "0",
    "LIMIT_ACTS_BEFORE_HELD": NO_LIMIT,
    "LIMIT_MAILS_TO_DOMAIN": NO_LIMIT,
    "LIMIT_COMMENTS": NO_LIMIT,
}
# The developer's own settings must not decide what is measured.
UNSET = (
    "ALLOWED_HOSTS", "DEBUG", "DEVELOPMENT", "GUNICORN_CMD_ARGS",
    "REDIS_URL", "TRUSTED_PROXIES", "WEB_CONCURRENCY", "WEB_THREADS",
)  # fmt: skip
# How fast workers are is measured, and not how fast they may be.
NO_RATES = {
    "MAILS_A_MINUTE": "100000000",
    "WAITED_MAILS_A_MINUTE": "100000000",
    "LIMIT_MAILS_TO_ADDRESS": "1000",
}
SECONDS_TO_START = 30


@dataclass
class Server:
    """A running gunicorn."""

    name: str
    pid: int
    port: int

    def get(self, path):
        """Status, headers and body, as a browser that takes Brotli gets them."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, 10)) as client:
            client.request("GET", path, headers={"Accept-Encoding": "br"})
            answer = client.getresponse()
            return answer.status, answer.headers, answer.read()

    def answers(self):
        with suppress(OSError, http.client.HTTPException):
            return self.get("/")[0] == 200
        return False


class Servers:
    """What runs for one bench, and ends with it."""

    def __init__(self, processes, postgres):
        self.processes = processes
        self.postgres = postgres
        self.logs = []  # of web and workers

    @property
    def postmaster(self):
        """The number of PostgreSQL's first process, whose children do the work."""
        pid_file = self.postgres.data / "postmaster.pid"
        return int(pid_file.read_text().splitlines()[0])

    def new_database(self, name):
        """One more database of this PostgreSQL; returns its address."""
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return urlsplit(self.postgres.url)._replace(path=f"/{name}").geturl()

    def start_gunicorn(self, name, application, **environment):
        """The production command on a port that is bound before others can take it."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            process = self.processes.start(
                name,
                [
                    *(sys.executable, "-m", "gunicorn", application),
                    *("--config=gunicorn.conf.py", f"--bind=fd://{listening.fileno()}"),
                ],
                log=self._log(name),
                echo=False,
                pass_fds=[listening.fileno()],
                env=os.environ | environment | {"SITE_URL": f"http://127.0.0.1:{port}"},
            )
        server = Server(name, process.pid, port)

        def is_up():
            self.refuse_ended()
            return server.answers()

        complaint = f"{name} does not answer: see {VAR}/{name}.log."
        wait_until(is_up, SECONDS_TO_START, complaint)
        return server

    def start_worker(self, relay_port, *options, **environment):
        """The production command, which hands what is in the queue to that relay."""
        name = f"worker{len(self.logs)}"
        relay = {"EMAIL_URL": f"smtp://127.0.0.1:{relay_port}"}
        return self.processes.start(
            name,
            [sys.executable, "manage.py", "worker", *options],
            log=self._log(name),
            echo=False,
            cwd=ROOT,
            env=os.environ | relay | environment,
        )

    def start_nginx(self, server, **options):
        """The shipped file in front of a gunicorn: the process, and its port."""
        folder = VAR / "nginx"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return nginx.start_nginx(
            find_nginx(),
            folder,
            server.port,
            timeout="10s",
            start=lambda command, **more: self.processes.start(
                "nginx", command, log=folder / "out.log", echo=False, **more
            ),
            **options,
        )

    def _log(self, name):
        self.logs.append(VAR / f"{name}.log")
        return self.logs[-1]

    def refuse_ended(self):
        """End the bench when a server has ended by itself."""
        with suppress(queue.Empty):
            name = self.processes.ended.get_nowait()
            sys.exit(f"{name} ended by itself: its last words are in {VAR}/{name}.log.")

    def forget_ended(self):
        """What was ended on purpose is no fault."""
        while not self.processes.ended.empty():
            self.processes.ended.get()


@contextmanager
def running(prepare=None, *, disk=""):
    """A new PostgreSQL with its own settings (a commit waits for the disk), on a disk
    of that size if it is named, and prepared. Yields Servers."""
    interrupt_on_signals()
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = Postgres("breaking" if disk else "bench", leaf="postgres")
        with small_disk(postgres.folder, disk) if disk else nullcontext():
            postgres.remove()  # what a killed bench has left
            try:
                postgres.start(processes)
                os.environ.update(ENVIRONMENT, DATABASE_URL=postgres.url)
                for name in UNSET:
                    os.environ.pop(name, None)
                if prepare:
                    prepare()
                yield Servers(processes, postgres)
            finally:
                processes.stop()
                postgres.remove()
                for folder in (MEDIA, VAR / "static"):
                    shutil.rmtree(folder, ignore_errors=True)


def tables():
    """Tables without rows; Django works from here on."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def site():
    """As demo(), with the empty project beside it."""
    demo()
    subprocess.run([sys.executable, "-m", "bench.empty_project"], check=True)


def demo():
    """Tables, the demo campaign and hashed static files; Django works from here on."""
    tables()
    # Production has no such command: it is of development alone.
    from campaign_site.development.management.commands import load_demo

    messages.compile_all()  # it has texts in other languages
    call_command(load_demo.Command(), stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


@contextmanager
def small_disk(folder, size):
    """A disk of its own for this folder (a tmpfs), where this process may mount one."""
    options = ["-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    is_mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", *options], check=False, stderr=subprocess.DEVNULL
    ).returncode  # fmt: skip
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)
