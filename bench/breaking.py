"""Breaks one part after another while people sign, and compares what they were told
with the database.

`bin/python bench/breaking.py` takes about eight minutes; with --write what it found
goes into README.md. It fails when something acknowledged is lost or doubled, and when
anybody saw a 500.
"""

import json
import os
import signal
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

from library import figures, program, rows, servers
from library.breaks import HEADS, Comparison, Phase
from library.people import People, Rates
from library.relays import HANGS, TAKES, Sink

from nginx import find_nginx
from postgres import SOCKET
from tests.wire import Wire

RATES = Rates(sign=20, read=20)
DISK = "400m"
# For minutes: each try of a mail ends after 30 seconds, and others wait behind it.
SECONDS_OF_HANGING = 150
SECONDS_TO_SETTLE = 240
WAITING = """
SELECT count(*) FROM outbox_outgoingmail
WHERE settled_at IS NULL AND purpose = 'signature_question'
"""


class Site:
    """The real thing, in parts that can be broken."""

    def __init__(self, started):
        self.started = started
        self.sink = Sink(self._got_mail)
        self.wire = Wire(started.postgres.socket_folder / SOCKET)
        self.people = self.worker = None

    def start(self):
        """Web, worker and proxy; returns the port that people ask."""
        has_nginx = bool(find_nginx())
        database = f"postgres://postgres@127.0.0.1:{self.wire.port}/campaign_site"
        self.environment = {
            "DATABASE_URL": f"{database}?sslmode=disable&gssencmode=disable",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "TRUSTED_PROXIES": "1" if has_nginx else "0",
        }
        self.web = self.started.start_gunicorn(
            "site", "campaign_site.wsgi", **self.environment
        )
        self.environment["SITE_URL"] = f"http://127.0.0.1:{self.web.port}"
        self.keep_worker()
        if not has_nginx:
            return self.web.port
        _process, port = self.started.start_nginx(self.web)
        return port

    def keep_worker(self):
        """As systemd does (Restart=always): when it has ended, start another one."""
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self.started.start_worker(self.sink.port, **self.environment)

    def stop_postgres(self, number):
        pid = self.started.postmaster
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

    def start_postgres(self):
        self.started.forget_ended()
        self.started.postgres.start(self.started.processes)

    def _got_mail(self, email, content):
        if self.people:
            self.people.got_mail(email, content)


class Breaking:
    def __init__(self, site, port, *, seconds):
        self.site = site
        self.seconds = seconds
        self.petition = rows.open_petition()
        campaign = self.petition.campaign.get_absolute_url()
        self.people = site.people = People(port, campaign, RATES, again=True)
        self.before = self.petition.standing.count
        self.phases = []
        self.notes = []

    def run(self):
        """Break everything once; returns a report, or ends with what is wrong."""
        from django.db import connection

        connection.close()  # a child must not share it
        self.people.start()
        self.wait(2)
        with self.phase("nothing"):
            self.wait(self.seconds)
        self.break_postgres("PostgreSQL stopped at once (SIGQUIT)", signal.SIGQUIT)
        self.break_postgres("PostgreSQL killed (SIGKILL)", signal.SIGKILL)
        with self.phase("connections to PostgreSQL cut"):
            self.site.wire.cut()
            self.site.wire.mend()
            self.wait(self.seconds / 2)
        with self.phase("answers of 20 commits lost"):
            self.site.wire.lose_commits(20)
            self.wait(self.seconds / 2)
        with self.phase("a web worker killed (SIGKILL)"):
            os.kill(figures.family(self.site.web.pid)[1], signal.SIGKILL)
            self.wait(self.seconds / 2)
        with self.phase("web reloaded (HUP)"):
            os.kill(self.site.web.pid, signal.SIGHUP)
            self.wait(self.seconds / 2)
        with self.phase("the worker killed (SIGKILL)"):
            self.site.worker.kill()
            self.wait(self.seconds / 2)
        for name, mode in (
            ("mail refused: 421", "421 4.3.2 Shutting down"),
            ("mail refused: 450", "450 4.2.1 Try again later"),
            ("mail accepted by nobody: the server hangs", HANGS),
        ):
            with self.phase(name):
                self.site.sink.mode = mode
                self.wait(SECONDS_OF_HANGING if mode == HANGS else self.seconds)
                self.site.sink.mode = TAKES
        self.fill_disk()
        with self.phase("nothing any more"):
            self.wait(self.seconds)
        acts = self.people.stop()
        self.settle()
        return self.report(acts)

    @contextmanager
    def phase(self, name):
        print(f"{name} …", flush=True)
        phase = Phase(name, time.monotonic())
        self.phases.append(phase)
        yield phase
        phase.end = time.monotonic()

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(0.5, left))
            self.site.keep_worker()

    def break_postgres(self, name, number):
        with self.phase(name) as phase:
            self.site.stop_postgres(number)
            self.wait(self.seconds)
            self.site.start_postgres()
            phase.mended = time.monotonic()
            self.wait(self.seconds)

    def fill_disk(self):
        """No room for PostgreSQL, on a file system of its own (a tmpfs)."""
        postgres = self.site.started.postgres
        folder = postgres.folder
        if not os.path.ismount(folder):
            self.notes.append(
                "Full disk: not tried, since only root can mount a tmpfs."
            )
            return
        with self.phase("PostgreSQL's disk full") as phase:
            filler = folder / "filler"
            with suppress(OSError), filler.open("wb") as file:
                while True:
                    file.write(b"\0" * (1 << 16))
            self.wait(self.seconds * 2)
            filler.unlink()
            if postgres._ready() != 0:
                self.site.start_postgres()
                self.notes.append("Full disk: PostgreSQL ended, and was started again.")
            phase.mended = time.monotonic()
            self.wait(self.seconds)

    def settle(self):
        """Until every mail that was queued has left, as if its wait were over."""
        from django.db import connection

        print("settling …", flush=True)

        def is_settled():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE outbox_outgoingmail SET due_at = now()"
                    " WHERE settled_at IS NULL AND due_at > now()"
                )
            self.wait(2)
            return not rows.scalar(WAITING)

        complaint = "Mails have not left: what became of them is in the workers' logs."
        program.wait_until(is_settled, SECONDS_TO_SETTLE, complaint)

    def report(self, acts):
        """What was seen, in full; returns it in short, as a finding."""
        tally = rows.open_petition().standing.count - self.before
        found = Comparison(tally, acts, self.site.sink).run()
        table = figures.table(HEADS, (phase.cells(acts) for phase in self.phases))
        print(f"\n{table}\n", *found, *self.notes, *self.log_lines(), sep="\n")
        away = max(phase.seconds_away(acts) for phase in self.phases)
        figure = f"{' '.join(found)} Signing again {away:.1f} s after a repair at most."
        return ("parts broken in turn", "none lost, none twice, no 500", figure, "")

    def log_lines(self):
        lines = [
            line
            for log in self.site.started.logs
            for line in log.read_text().splitlines()
        ]
        kinds = Counter(kind_of(line) for line in lines)
        yield f"\nThe logs of web and worker hold {len(lines):,} lines:\n"
        yield from (f"- {number:,} × {kind}" for kind, number in kinds.most_common(20))


def kind_of(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return "plain lines of gunicorn, and of a worker that ended"
    has_traceback = ", with a traceback" if "traceback" in entry else ""
    return f"{entry['level']} {entry['logger']}: {entry['message'][:40]}{has_traceback}"


def main():
    options = program.options(__doc__, seconds=(15.0, "of a break"))
    with servers.running(servers.site, disk=DISK) as started:
        site = Site(started)
        found = Breaking(site, site.start(), seconds=options.seconds).run()
    figures.publish("breaking", [found], options)


if __name__ == "__main__":
    program.run(main)
