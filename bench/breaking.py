"""Breaks one part after another while people sign, and compares what they were told
with the database.

`bin/python bench/breaking.py` takes about eight minutes; with --write what it found
goes into README.md. It fails when something acknowledged is lost or doubled, and when
anybody saw a 500.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import rows  # noqa: E402
import servers  # noqa: E402
from marks import write_between  # noqa: E402
from people import People, Rates  # noqa: E402
from run import the_only_one  # noqa: E402
from sink import HANGS, TAKES, Sink  # noqa: E402

from nginx import find_nginx  # noqa: E402
from postgres import SOCKET, Postgres  # noqa: E402
from processes import Processes, interrupt_on_signals  # noqa: E402
from tests.deploy.nginx import start_nginx  # noqa: E402
from tests.wire import Wire  # noqa: E402

MARK = "breaking"
RATES = Rates(sign=20, read=20)
DISK = "400m"
# For minutes: each try of a mail ends after 30 seconds, and others wait behind it.
SECONDS_OF_HANGING = 150
SECONDS_TO_SETTLE = 240
BY_OUTCOME = """
FROM (
    SELECT outcome, count(*) AS n FROM outbox_outgoingmail
    WHERE purpose = 'signature_question' GROUP BY outcome
) AS mails
"""
WAITING = """
SELECT count(*) FROM outbox_outgoingmail
WHERE settled_at IS NULL AND purpose = 'signature_question'
"""


@dataclass
class Phase:
    """From one moment to another, with what was broken meanwhile."""

    name: str
    begin: float
    end: float = 0
    mended: float = 0

    def row(self, acts):
        mine = [act for act in acts if self.begin <= act.due < self.end]
        signs = [act for act in mine if act.kind == "sign"]
        reads = [act for act in mine if act.kind == "read"]
        answers = Counter(act.status for act in mine)
        cells = (
            self.name,
            f"{self.end - self.begin:.0f}",
            f"{sum(act.is_acknowledged for act in signs):,} of {len(signs):,}",
            f"{sum(act.is_acknowledged for act in reads):,} of {len(reads):,}",
            *(f"{answers[status]}" for status in (503, 502, 500, 0)),
            milliseconds(signs, 99),
            milliseconds(reads, 99),
            self.back_after(acts),
        )
        return f"| {' | '.join(cells)} |"

    def back_after(self, acts):
        """The seconds from the repair to the first signature that is acknowledged."""
        if not self.mended:
            return ""
        signed = (
            a.due + a.seconds for a in acts if a.kind == "sign" and a.is_acknowledged
        )
        first = min((moment for moment in signed if moment > self.mended), default=None)
        return f"{first - self.mended:.1f} s" if first else "never"


HEAD = """\
| what is broken | seconds | signatures acknowledged | pages read | 503 | 502 | 500 \
| no answer | signing p99 ms | reading p99 ms | signing again after |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def milliseconds(acts, percentile):
    """Of those that were acknowledged."""
    taken = sorted(act.seconds for act in acts if act.is_acknowledged)
    return f"{taken[len(taken) * percentile // 100] * 1000:,.0f}" if taken else "–"


class Site:
    """The real thing, in parts that can be broken."""

    def __init__(self, processes, postgres, nginx):
        self.processes = processes
        self.postgres = postgres
        self.nginx = nginx
        self.sink = Sink(self._got_mail)
        self.wire = Wire(postgres.socket_folder / SOCKET)
        self.people = None
        self.logs = []

    def start(self):
        """Web, worker and proxy; returns the port that people ask."""
        database = f"postgres://postgres@127.0.0.1:{self.wire.port}/campaign_site"
        self.environment = {
            "DATABASE_URL": f"{database}?sslmode=disable&gssencmode=disable",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "TRUSTED_PROXIES": "1" if self.nginx else "0",
        }
        self.web = servers.start_gunicorn(
            self.processes, "site", "campaign_site.wsgi", **self.environment
        )
        self.environment["SITE_URL"] = f"http://127.0.0.1:{self.web.port}"
        self.logs.append(servers.VAR / "site.log")
        self.start_worker()
        if not self.nginx:
            return self.web.port
        folder = servers.VAR / "nginx"
        folder.mkdir(exist_ok=True)
        _process, port = start_nginx(
            self.nginx,
            folder,
            self.web.port,
            timeout="10s",
            start=lambda command, **options: self.processes.start(
                "nginx", command, log=folder / "out.log", echo=False, **options
            ),
        )
        return port

    def start_worker(self):
        self.logs.append(servers.VAR / f"worker{len(self.logs)}.log")
        self.worker = servers.start_worker(
            self.processes, "worker", self.logs[-1], **self.environment
        )

    def keep_worker(self):
        """As systemd does (Restart=always): when it has ended, start another one."""
        if self.worker.poll() is not None:
            self.start_worker()

    def stop_postgres(self, number):
        pid = servers.postmaster(self.postgres)
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

    def start_postgres(self):
        while not self.processes.ended.empty():
            self.processes.ended.get()
        self.postgres.start(self.processes)

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
        folder = self.site.postgres.folder
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
            if self.site.postgres._ready() != 0:
                self.site.start_postgres()
                self.notes.append("Full disk: PostgreSQL ended, and was started again.")
            phase.mended = time.monotonic()
            self.wait(self.seconds)

    def settle(self):
        """Until every mail that was queued has left, as if its wait were over."""
        from django.db import connection

        print("settling …", flush=True)
        give_up = time.monotonic() + SECONDS_TO_SETTLE
        while number := rows.scalar(WAITING):
            if time.monotonic() > give_up:
                late = rows.scalar(f"SELECT json_object_agg(outcome, n) {BY_OUTCOME}")
                sys.exit(f"{number} mails have not left: {late}.")
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE outbox_outgoingmail SET due_at = now()"
                    " WHERE settled_at IS NULL AND due_at > now()"
                )
            self.wait(2)

    def report(self, acts):
        tally = rows.open_petition().standing.count - self.before
        found = Comparison(tally, acts, self.site.sink).run()
        return "\n".join(
            [
                figures.machine(rows.scalar("SHOW server_version")),
                "",
                HEAD,
                *(phase.row(acts) for phase in self.phases),
                "",
                *found,
                *self.notes,
                *self.log_lines(),
            ]
        )

    def log_lines(self):
        lines = [
            line for log in self.site.logs for line in log.read_text().splitlines()
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


class Comparison:
    """What people were told, beside what is in the database and in their mailboxes."""

    def __init__(self, tally, acts, sink):
        self.tally = tally
        self.acts = acts
        self.sink = sink
        self.faults = []

    def run(self):
        """Lines that say what was compared; ends the bench when something is wrong."""
        from petitions.models import Signature

        signs = [act for act in self.acts if act.kind == "sign"]
        confirms = [act for act in self.acts if act.kind == "confirm"]
        told = Counter(act.email for act in signs if act.is_acknowledged)
        unknown = Counter(act.email for act in signs if act.is_unknown)
        yes = {act.email for act in confirms if act.is_acknowledged}
        pressed = {act.email for act in confirms}
        stored, counted = Counter(), Counter()
        for email, counts in Signature.objects.filter(
            confirmation__supporter__email__startswith="ada-"
        ).values_list("confirmation__supporter__email", "counted"):
            stored[email] += 1
            counted[email] += counts

        for email in told.keys() | stored.keys() | unknown.keys():
            least, most = told[email], told[email] + unknown[email]
            if not least <= stored[email] <= most:
                self.fault(f"{email}: {stored[email]} rows, not {least} to {most}")
            if told[email] and not self.sink.mails[email]:
                self.fault(f"{email}: no mail")
        for email in yes:
            if counted[email] != 1:
                self.fault(f"{email}: confirmed, and counted {counted[email]} times")
        for email, number in counted.items():
            if number > 1 or (number and email not in pressed):
                self.fault(f"{email}: counted {number} times")
        ours = sum(counted.values())
        if self.tally != ours:
            self.fault(f"the tally says {self.tally}, and {ours} rows are counted")
        fives = sum(act.status == 500 for act in self.acts)
        if fives:
            self.fault(f"{fives} answers were a 500")
        if self.faults:
            sys.exit("\n".join(["WRONG:", *self.faults[:40]]))
        doubled = sum(number > 1 for number in self.sink.mails.values())
        return [
            f"{len(signs):,} times somebody signed: {sum(told.values()):,} were"
            f" acknowledged, {sum(unknown.values()):,} got no answer or one that said"
            f" that nobody knows. {sum(stored.values()):,} rows are stored.",
            f"{len(pressed):,} confirmed, {len(yes):,} were acknowledged,"
            f" {ours:,} are counted, and the tally says {self.tally:,}.",
            f"Everybody who was acknowledged got a mail; {doubled:,} people got more"
            f" than one. The mail server refused {self.sink.refused:,} times.",
            "Nothing acknowledged is lost, nothing is counted twice, nobody saw a 500.",
        ]

    def fault(self, words):
        self.faults.append(words)


@contextmanager
def room_of_its_own(postgres):
    """A small disk for PostgreSQL, where this process may mount one."""
    folder = postgres.folder
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            [
                "mount",
                "-t",
                "tmpfs",
                "-o",
                f"size={DISK},mode=755",
                "tmpfs",
                str(folder),
            ],
            check=False,
            stderr=subprocess.DEVNULL,
        ).returncode
    )
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15, help="of a break (15)")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = Postgres("breaking", leaf="postgres")
        postgres.remove()
        with room_of_its_own(postgres):
            try:
                postgres.start(processes)
                servers.prepare_site(postgres.url)
                site = Site(processes, postgres, find_nginx())
                text = Breaking(site, site.start(), seconds=options.seconds).run()
            finally:
                processes.stop()
                postgres.remove()
    print(f"\n{text}")
    if options.write:
        write_between(MARK, text)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
