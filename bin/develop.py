"""Runs the whole site on this machine; bin/dev is the way in."""

import contextlib
import fcntl
import http.client
import os
import queue
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import messages
from postgres import Postgres
from processes import Processes, interrupt_on_signals, program

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
# A new site keeps its data apart, so that the demo's data stay as they are.
IS_EMPTY = sys.argv[1:] == ["--empty"]
DATA = VAR / "empty" if IS_EMPTY else VAR
MAIL = DATA / "mail"
WORKER = ["manage.py", "worker"]
WEB = ["-m", "gunicorn", "campaign_site.wsgi", "--config=gunicorn.conf.py", "--reload"]
STAFF_USERNAME = "admin"
SECONDS_TO_ANSWER = 60


def main():
    if sys.argv[1:] and not IS_EMPTY:
        sys.exit("bin/dev takes --empty, for a site without the demo, or nothing.")
    interrupt_on_signals()
    os.chdir(ROOT)
    LOGS.mkdir(parents=True, exist_ok=True)
    port = wanted_port()
    with only_one_here(port) as lock:
        refuse_busy(port)
        set_defaults(port)
        keeps_mail = not os.environ.get("EMAIL_URL")
        processes = Processes(held=[lock.fileno()])
        try:
            start_site(processes, port, keeps_mail=keeps_mail)
            announce(keeps_mail=keeps_mail)
            give_up_over(processes.ended.get())
        finally:
            processes.stop()


def wanted_port():
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        sys.exit(f"PORT={given} is no port: set it to a number from 1024 to 65535.")
    return int(given)


def refuse_busy(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        sys.exit(
            f"Port {port} is in use: stop the program that has it (another bin/dev,"
            " perhaps), or choose another port, as in PORT=8001 bin/dev."
        )


@contextlib.contextmanager
def only_one_here(port):
    """Refuse a second bin/dev on the same database, even on another port."""
    with (VAR / "dev.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            if program(lock.read()):
                refuse_busy(port)
                sys.exit("bin/dev already runs in this folder: stop that one first.")
            # The first was killed a moment ago; its guard holds the lock until all has
            # stopped.
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        print(os.getpid(), end="", file=lock, flush=True)
        yield lock


def set_defaults(port):
    """Fill in what the environment does not say."""
    defaults = {
        "DEVELOPMENT": "1",
        # Browsers let passkeys work on this name, and on no bare number.
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_NAME": "Letters for Animals",
        "DEFAULT_FROM_EMAIL": "Letters for Animals <hello@letters.example>",
        "CONTACT_EMAIL": "hello@letters.example",
        "CONTROLLER": "Letters for Animals, 1 Example Street, Bakersfield",
        "TIME_ZONE": "America/Los_Angeles",
        "MAIL_SINK_DIR": str(MAIL),
        "MEDIA_ROOT": str(DATA / "media"),
        "DJANGO_SETTINGS_MODULE": "campaign_site.settings",
        "PYTHONUNBUFFERED": "1",
    }
    for name, value in defaults.items():
        set_default(name, value)
    set_default("SECRET_KEY", kept_secret("secret_key", length=50))


def set_default(name, value):
    if not os.environ.get(name):
        os.environ[name] = value


def kept_secret(name, *, length):
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / name
    path.touch(mode=0o600)
    secret = path.read_text().strip()
    if not secret:
        secret = secrets.token_urlsafe(length)
        path.write_text(secret + "\n")
    return secret


def start_site(processes, port, *, keeps_mail):
    if not os.environ.get("DATABASE_URL"):
        postgres = Postgres("postgres-empty" if IS_EMPTY else "postgres")
        postgres.start(processes)
        os.environ["DATABASE_URL"] = postgres.url
    if keeps_mail:
        start_mail_sink(processes)
    prepare()
    start(processes, "worker", *WORKER)
    start(processes, "web", *WEB, f"--bind=127.0.0.1:{port}")
    wait_for_answer(processes, port)


def start(processes, name, *arguments, **options):
    processes.start(
        name, [sys.executable, *arguments], log=LOGS / f"{name}.log", **options
    )


def start_mail_sink(processes):
    # The socket is bound here, so that its number is known and nobody can take it
    # meanwhile.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        start(
            processes,
            "mail",
            "bin/mail_sink.py",
            str(listening.fileno()),
            pass_fds=[listening.fileno()],
        )
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def prepare():
    print("Making the database, or bringing it up to date ...", flush=True)
    messages.compile_all()
    login = {"STAFF_USERNAME": STAFF_USERNAME, "STAFF_PASSWORD": staff_password()}
    demo = {"LOAD_DEMO": "" if IS_EMPTY else "1"}
    done = subprocess.run(
        [sys.executable, "bin/prepare_site.py"],
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **login, **demo},
        start_new_session=True,  # as in Processes: Ctrl-C is for this process
    )
    if done.returncode:
        sys.exit(done.returncode)


def staff_password():
    """The password of the first login; its file names the login, too."""
    password = kept_secret("staff_login", length=12).split()[-1]
    (DATA / "staff_login").write_text(f"{STAFF_USERNAME} {password}\n")
    return password


def wait_for_answer(processes, port):
    give_up = time.monotonic() + SECONDS_TO_ANSWER
    while not answers(port):
        with contextlib.suppress(queue.Empty):
            give_up_over(processes.ended.get(timeout=0.1))
        if time.monotonic() > give_up:
            sys.exit("The site does not answer: the reason may be in var/log/web.log.")


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", "/")
        return connection.getresponse().status
    return None


def announce(*, keeps_mail):
    site = os.environ["SITE_URL"]
    if keeps_mail:
        mail = f"{site}/development/mail/   (files in {os.environ['MAIL_SINK_DIR']})"
    else:
        mail = "goes to the server in EMAIL_URL, and may reach real people"
    print(
        f"""
    Site   {site}/
    Staff  {site}/admin/   {STAFF_USERNAME}   {staff_password()}
    Mail   {mail}
    Stop   Ctrl-C
""",
        flush=True,
    )


def give_up_over(name):
    sys.exit(
        f"{name} ended by itself, so everything is stopped:"
        f" its last words are in var/log/{name}.log."
    )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nStopped.")
    except PermissionError as error:
        sys.exit(f"No permission for {error.filename}: run this as its owner.")
