"""2,000 signatures a minute, with real mail, a worker, people who confirm and readers.

`bin/python bench/sustained.py` takes eleven minutes; with --write the figures go into
README.md. It fails when anything goes wrong for anybody.
"""

import os
import sys
import time
from collections import Counter

from library import figures, program, rows, servers
from library.people import People, Rates, of_kind
from library.relays import Sink

AIM_MS = 150
READS_A_SIGNATURE = 2
CONFIRMING = 0.7
SECONDS_TO_WARM_UP = 10
SECONDS_TO_SETTLE = 30
SAMPLES = 10
KINDS = {
    "sign": ("signing, to its redirect", f"p95 {AIM_MS} ms"),
    "confirm": ("confirming by code or button", ""),
    "follow": ("inbox, button and thank-you pages", ""),
    "read": ("the action page", ""),
}
HEADS = ("second", "oldest mail waits, s", "mails that wait", "web MB", "worker MB")
WAITING = """
SELECT count(*) FROM outbox_outgoingmail WHERE settled_at IS NULL AND due_at < now()
"""


class Sustained:
    def __init__(self, started, *, minutes, rate, workers):
        self.started = started
        self.seconds = minutes * 60
        self.rate = rate
        theirs, self.ours = cores()
        os.sched_setaffinity(0, theirs)  # what is started from here stays there
        self.people = None
        self.sink = Sink(self.got_mail)
        self.web = started.start_gunicorn("site", "campaign_site.wsgi")
        address = f"http://127.0.0.1:{self.web.port}"
        self.workers = [
            started.start_worker(self.sink.port, SITE_URL=address)
            for _ in range(workers)
        ]
        os.sched_setaffinity(0, self.ours)

    def run(self):
        """Let people come, and return what it was like as findings."""
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
        begin = time.monotonic()
        meter = figures.Meter(
            web=[self.web.pid],
            worker=[worker.pid for worker in self.workers],
            postgres=[self.started.postmaster],
            people=lambda: time.process_time() + figures.cpu_seconds(self.people.pid),
        )
        print(figures.table(HEADS, [self.sample(0)]), flush=True)
        for number in range(1, SAMPLES + 1):
            due = begin + self.seconds * number / SAMPLES
            time.sleep(max(0, due - time.monotonic()))
            self.started.refuse_ended()
            print(figures.row(*self.sample(time.monotonic() - begin)), flush=True)
        used = meter.used()
        acts = self.people.stop()
        self.settle()
        measured = [act for act in acts if begin <= act.due < begin + self.seconds]
        self.refuse_faults(acts, rows.open_petition().standing.count - before)
        return self.report(measured, used)

    def got_mail(self, email, content):
        self.people.got_mail(email, content)

    def sample(self, seconds):
        """What the site looks like now, as cells under HEADS."""
        from outbox.models import OutgoingMail

        web = figures.family(self.web.pid)[1:]
        workers = [worker.pid for worker in self.workers]
        return (
            f"{seconds:.0f}",
            f"{OutgoingMail.objects.seconds_behind():.1f}",
            f"{rows.scalar(WAITING):,}",
            *(
                ", ".join(f"{figures.memory(p):.0f}" for p in of)
                for of in (web, workers)
            ),
        )

    def settle(self):
        """Until everybody who signed has a mail."""
        give_up = time.monotonic() + SECONDS_TO_SETTLE
        while rows.scalar(WAITING) and time.monotonic() < give_up:
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

    def report(self, acts, used):
        signs, _errors = of_kind(acts, "sign")
        lags = [self.sink.first_at[a.email] - a.due - a.seconds for a in signs]
        found = [
            (name, aim, spread(act.seconds for act in of_kind(acts, kind)[0]), "")
            for kind, (name, aim) in KINDS.items()
        ]
        cpus = ", ".join(
            f"{name} {getattr(used, name) / used.seconds:.2f}"
            for name in ("web", "worker", "postgres", "people")
        )
        figure = f"{cpus}; elsewhere {used.elsewhere:.0%}"
        return [
            *found,
            ("from the signature to its mail", "", spread(lags), ""),
            (f"cores in use at {self.rate:,.0f} a minute", "", figure, ""),
        ]


def cores():
    """Those of the site, and those of people and mail server if there are enough."""
    there = sorted(os.sched_getaffinity(0))
    if len(there) < 4:
        return set(there), set(there)
    return set(there[:-2]), set(there[-2:])


def spread(seconds):
    """How many, p50, p95, p99 and the longest."""
    times = list(seconds)
    points = [figures.milliseconds(times, share) for share in (50, 95, 99, 100)]
    return f"{len(times):,}: {' / '.join(f'{ms:,.0f}' for ms in points)} ms"


def main():
    options = program.options(
        __doc__,
        minutes=(10.0, "that are measured"),
        rate=(2000.0, "signatures a minute"),
        workers=(1, "that hand over mails"),
    )
    with servers.running(servers.site) as started:
        bench = Sustained(
            started,
            minutes=options.minutes,
            rate=options.rate,
            workers=options.workers,
        )
        found = bench.run()
        bench.sink.stop()
    figures.publish("sustained", found, options)


if __name__ == "__main__":
    program.run(main)
