"""2,000 signatures a minute, with real mail, a worker, people who confirm and readers.

`bin/python bench/sustained.py` takes eleven minutes; with --write the figures go into
README.md. It fails when anything goes wrong for anybody.
"""

import argparse
import os
import sys
import time
from collections import Counter
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
from sink import Sink  # noqa: E402

from processes import Processes, interrupt_on_signals  # noqa: E402

MARK = "sustained"
AIM_MS = 150
READS_A_SIGNATURE = 2
CONFIRMING = 0.7
SECONDS_TO_WARM_UP = 10
SECONDS_TO_SETTLE = 30
SAMPLES = 10
KINDS = {
    "sign": "Signing (POST, to its redirect)",
    "confirm": "Confirming by code or button (POST)",
    "follow": "Inbox, button and thank-you pages (GET, uncached)",
    "read": "The action page (GET)",
}


@dataclass
class Sample:
    """What the site looked like at one moment."""

    seconds: float
    queue_seconds: float
    waiting: int
    web: list  # RSS of each web process in MB
    worker: list

    def row(self):
        cells = (
            f"{self.seconds:.0f}",
            f"{self.queue_seconds:.1f}",
            f"{self.waiting:,}",
            *(
                ", ".join(f"{mb:.0f}" for mb in sizes)
                for sizes in (self.web, self.worker)
            ),
        )
        return f"| {' | '.join(cells)} |"


class Sustained:
    def __init__(self, processes, postgres, *, minutes, rate, workers):
        self.processes = processes
        self.postmaster = servers.postmaster(postgres)
        self.seconds = minutes * 60
        self.rate = rate
        self.servers, self.ours = cores()
        os.sched_setaffinity(0, self.servers)  # what is started from here stays there
        self.people = None
        self.sink = Sink(self.got_mail)
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}"}
        self.web = servers.start_gunicorn(
            processes, "site", "campaign_site.wsgi", **mail
        )
        address = {"SITE_URL": f"http://127.0.0.1:{self.web.port}"}
        self.workers = [
            servers.start_worker(
                processes, name, servers.VAR / f"{name}.log", **mail, **address
            )
            for name in (f"worker{n + 1}" for n in range(workers))
        ]
        os.sched_setaffinity(0, self.ours)

    def run(self):
        """Let people come, and return what it was like as Markdown."""
        from django.db import connection

        petition = rows.open_petition()
        before = petition.standing.count
        connection.close()  # a child must not share it
        a_second = self.rate / 60
        self.people = People(
            self.web.port,
            petition.campaign.get_absolute_url(),
            Rates(
                sign=a_second,
                read=a_second * READS_A_SIGNATURE,
                confirming=CONFIRMING,
            ),
            cores=self.ours,
        ).start()
        time.sleep(SECONDS_TO_WARM_UP)
        begin, clocks = time.monotonic(), self.clocks()
        samples = [self.sample(0)]
        for number in range(1, SAMPLES + 1):
            due = begin + self.seconds * number / SAMPLES
            time.sleep(max(0, due - time.monotonic()))
            servers.refuse_ended(self.processes)
            samples.append(self.sample(time.monotonic() - begin))
            print(samples[-1].row(), flush=True)
        used = [b - a for a, b in zip(clocks, self.clocks(), strict=True)]
        acts = self.people.stop()
        self.settle()
        measured = [act for act in acts if begin <= act.due < begin + self.seconds]
        self.refuse_faults(acts, rows.open_petition().standing.count - before)
        return self.report(measured, samples, used)

    def got_mail(self, email, content):
        self.people.got_mail(email, content)

    def sample(self, seconds):
        from outbox.models import OutgoingMail

        waiting = rows.scalar(
            "SELECT count(*) FROM outbox_outgoingmail"
            " WHERE settled_at IS NULL AND due_at < now()"
        )
        web = [figures.memory(pid)[0] for pid in figures.family(self.web.pid)[1:]]
        worker = [figures.memory(worker.pid)[0] for worker in self.workers]
        return Sample(
            seconds, OutgoingMail.objects.seconds_behind(), waiting, web, worker
        )

    def clocks(self):
        """The time, and CPU seconds of web, workers, PostgreSQL, people and mail
        server, and all of the machine."""
        return (
            time.monotonic(),
            figures.cpu_seconds(self.web.pid),
            sum(figures.cpu_seconds(worker.pid) for worker in self.workers),
            figures.cpu_seconds(self.postmaster),
            time.process_time() + figures.cpu_seconds(self.people.pid),
            figures.busy_seconds(),
        )

    def settle(self):
        """Until everybody who signed has a mail."""
        give_up = time.monotonic() + SECONDS_TO_SETTLE
        while self.sample(0).waiting and time.monotonic() < give_up:
            time.sleep(0.5)

    def refuse_faults(self, acts, counted):
        """End the bench when something is wrong, or missing, for anybody."""
        bad = Counter((act.kind, act.status) for act in acts if not act.is_acknowledged)
        if bad:
            sys.exit(f"Answers that are wrong: {dict(bad)}")
        signed = {act.email for act in acts if act.kind == "sign"}
        without = sum(not self.sink.mails[email] for email in signed)
        if without:
            sys.exit(f"{without} of {len(signed)} people got no mail.")
        confirmed = sum(act.kind == "confirm" for act in acts)
        if counted != confirmed:
            sys.exit(f"{confirmed} people confirmed, and {counted} are counted.")

    def report(self, acts, samples, used):
        seconds, web, worker, postgres, people, machine = used
        signs = [act for act in acts if act.kind == "sign"]
        lags = [self.sink.first_at[a.email] - a.due - a.seconds for a in signs]
        others = max(0, machine - web - worker - postgres - people)
        return "\n".join(
            [
                figures.machine(rows.scalar("SHOW server_version")),
                "",
                f"{len(signs):,} signatures in {seconds / 60:.1f} minutes,"
                f" {len(signs) / seconds * 60:,.0f} a minute; {len(self.workers)}"
                f" worker. {self.where()}",
                "",
                "| | number | p50 ms | p95 ms | p99 ms | longest ms | errors |",
                "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
                *(latency_row(name, acts, kind) for kind, name in KINDS.items()),
                f"| From the signature to its mail | {spread(lags)} |  |",
                "",
                f"The aim is a p95 of {AIM_MS} ms for signing.",
                "",
                "| CPU of this machine | web | worker | PostgreSQL"
                " | people and mail server | elsewhere |",
                "| --- | ---: | ---: | ---: | ---: | ---: |",
                "| cores in use | "
                + " | ".join(
                    f"{cpu / seconds:.2f}"
                    for cpu in (web, worker, postgres, people, others)
                )
                + " |",
                "",
                "| second | oldest job waits, s | jobs that wait | RSS of web, MB"
                " | RSS of worker, MB |",
                "| ---: | ---: | ---: | ---: | ---: |",
                *(sample.row() for sample in samples),
            ]
        )

    def where(self):
        if self.servers == self.ours:
            return f"{len(self.ours)} cores: nothing pinned."
        return (
            f"{len(self.servers | self.ours)} cores: the site on"
            f" {', '.join(map(str, sorted(self.servers)))}; people and mail server on"
            f" {', '.join(map(str, sorted(self.ours)))}."
        )


def cores():
    """Those of the site, and those of people and mail server if there are enough."""
    there = sorted(os.sched_getaffinity(0))
    if len(there) < 4:
        return set(there), set(there)
    return set(there[:-2]), set(there[-2:])


def latency_row(name, acts, kind):
    mine = [act for act in acts if act.kind == kind]
    errors = sum(not act.is_acknowledged for act in mine)
    return f"| {name} | {spread([act.seconds for act in mine])} | {errors} |"


def spread(seconds):
    """number | p50 | p95 | p99 | longest, in ms."""
    if not seconds:
        return "0 | – | – | – | –"
    ordered = sorted(seconds)
    points = [ordered[len(ordered) * share // 100] for share in (50, 95, 99)]
    values = (f"{value * 1000:,.0f}" for value in (*points, ordered[-1]))
    return f"{len(ordered):,} | {' | '.join(values)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="(10)")
    parser.add_argument("--rate", type=float, default=2000, help="a minute (2,000)")
    parser.add_argument("--workers", type=int, default=1, help="(1)")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("CPU times are read from /proc: run this on Linux.")
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            servers.prepare_site(postgres.url)
            bench = Sustained(
                processes,
                postgres,
                minutes=options.minutes,
                rate=options.rate,
                workers=options.workers,
            )
            text = bench.run()
            bench.sink.stop()
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
