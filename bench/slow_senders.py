"""A thousand visitors who send a byte a second, while others read and sign.

`bin/python bench/slow_senders.py` takes two minutes; with --write what it found goes
into README.md. It fails when the p95 of the others has more than doubled, or when one
of them got no good answer. All of it is on loopback, and ends by itself.
"""

import argparse
import itertools
import os
import re
import resource
import selectors
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import rows  # noqa: E402
import servers  # noqa: E402
from marks import write_between  # noqa: E402
from people import People, Rates  # noqa: E402
from run import the_only_one  # noqa: E402

from nginx import find_nginx  # noqa: E402
from processes import Processes, interrupt_on_signals  # noqa: E402
from tests.deploy.nginx import start_nginx  # noqa: E402

MARK = "slow senders"
RATES = Rates(sign=10, read=40, confirming=0)
MOST_SENDERS, MOST_SECONDS = 5000, 60
# What Debian has in /etc/nginx/nginx.conf, on one processor.
AS_FOUND = "events { worker_connections 768; }"
# With and without the slow ones in turn, so that what else the machine does hits both.
ROUNDS = 3
LEAST_MS = 20  # what a machine that does something else may add
HEAD = """\
| nginx | slow connections | cut off meanwhile | reading p50 / p95 ms | signing p50 / \
p95 ms | no good answer |
| --- | ---: | ---: | ---: | ---: | ---: |"""


@dataclass
class SlowSenders:
    """Half of them never finish a header, half never finish a form."""

    port: int
    number: int

    def start(self):
        context = get_context("fork")
        self._told, told = context.Pipe(duplex=False)
        self._stop = context.Event()
        self._process = context.Process(target=self._live, args=[told], daemon=True)
        self._process.start()
        return self

    def stop(self):
        """Close all connections; returns how many were cut off by the other side."""
        self._stop.set()
        cut_off = self._told.recv()
        self._process.join()
        return cut_off

    def _live(self, told):
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        selector, cut_off = selectors.DefaultSelector(), 0
        until = time.monotonic() + MOST_SECONDS
        kinds = itertools.cycle([self._header, self._form])
        while not self._stop.is_set() and time.monotonic() < until:
            tick = time.monotonic()
            missing = self.number - len(selector.get_map())
            for begin in itertools.islice(kinds, max(0, missing)):
                with suppress(OSError):
                    selector.register(begin(), selectors.EVENT_READ)
            for key in list(selector.get_map().values()):
                with suppress(OSError):
                    key.fileobj.send(b"x")
            for key, _mask in selector.select(0):  # an answer, or the end: both are one
                selector.unregister(key.fileobj)
                key.fileobj.close()
                cut_off += 1
            self._stop.wait(max(0, tick + 1 - time.monotonic()))
        for key in list(selector.get_map().values()):
            key.fileobj.close()
        told.send(cut_off)

    def _header(self):
        return self._connection("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")

    def _form(self):
        return self._connection(
            "POST /campaign/signatures/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 100000\r\n\r\nname="
        )

    def _connection(self, begin):
        connection = socket.create_connection(("127.0.0.1", self.port), 1)
        connection.setblocking(False)
        connection.send(begin.encode())
        return connection


@dataclass
class Phase:
    name: str
    slow: int
    cut_off: int = 0
    acts: list = field(default_factory=list)

    def add(self, found):
        cut_off, acts = found
        self.cut_off += cut_off
        self.acts += acts

    @property
    def bad(self):
        return sum(not act.is_acknowledged for act in self.acts)

    def milliseconds(self, kind, percentile):
        taken = sorted(a.seconds for a in self.acts if a.kind == kind)
        return taken[len(taken) * percentile // 100] * 1000

    @property
    def row(self):
        cells = (
            self.name,
            f"{self.slow:,}",
            f"{self.cut_off:,}",
            *(
                f"{self.milliseconds(kind, 50):,.0f} / "
                f"{self.milliseconds(kind, 95):,.0f}"
                for kind in ("read", "sign")
            ),
            f"{self.bad} of {len(self.acts):,}",
        )
        return f"| {' | '.join(cells)} |"


def run(processes, petition, web, *, main, slow, seconds):
    """Behind an nginx of its own; returns how many it cut off, and the others' acts."""
    folder = servers.VAR / "nginx-slow"
    folder.mkdir(exist_ok=True)
    process, port = start_nginx(
        find_nginx(),
        folder,
        web.port,
        main=main,
        timeout="10s",
        start=lambda command, **options: processes.start(
            "nginx", command, log=folder / "out.log", echo=False, **options
        ),
    )
    campaign = petition.campaign.get_absolute_url()
    senders = SlowSenders(port, slow).start() if slow else None
    if senders:
        time.sleep(3)  # until all are connected
    people = People(port, campaign, RATES).start()
    time.sleep(seconds)
    acts = [act for act in people.stop() if act.kind in ("read", "sign")]
    cut_off = senders.stop() if senders else 0
    process.terminate()
    process.wait(30)
    while not processes.ended.empty():
        processes.ended.get()
    print(slow, "slow:", dict(Counter(act.status for act in acts)), flush=True)
    return cut_off, acts


def as_told():
    """What our nginx.conf asks for in the one of the whole server."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    lines = re.findall(r"^#     (\S.*)", text, re.M)
    return "\n".join(lines)


def report(quiet, slow, found):
    text = "\n".join([HEAD, quiet.row, slow.row, found.row])
    print(f"\n{text}\n", flush=True)
    for kind in ("read", "sign"):
        before, now = quiet.milliseconds(kind, 95), slow.milliseconds(kind, 95)
        if now > max(2 * before, before + LEAST_MS):
            sys.exit(f"WRONG: {kind} p95 was {before:.0f} ms and is {now:.0f} ms")
    if quiet.bad or slow.bad:
        sys.exit(f"WRONG: {quiet.bad} and {slow.bad} got no good answer")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--senders", type=int, default=1000, help="at once (1000)")
    parser.add_argument("--seconds", type=float, default=10, help="of a phase (10)")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    number = min(options.senders, MOST_SENDERS)
    seconds = min(options.seconds, MOST_SECONDS)
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            servers.prepare_site(postgres.url)
            web = servers.start_gunicorn(
                processes,
                "site",
                "campaign_site.wsgi",
                DATABASE_URL=postgres.url,
                TRUSTED_PROXIES="1",
            )
            petition = rows.open_petition()
            from django.db import connection

            machine = figures.machine(rows.scalar("SHOW server_version"))
            connection.close()  # a child must not share it
            told = {"main": as_told(), "seconds": seconds}
            run(processes, petition, web, slow=0, **told)  # to warm up
            quiet, slow = Phase("as we ask for", 0), Phase("as we ask for", number)
            for _round in range(ROUNDS):
                quiet.add(run(processes, petition, web, slow=0, **told))
                slow.add(run(processes, petition, web, slow=number, **told))
            found = Phase("768 connections", number)
            told["main"] = AS_FOUND
            found.add(run(processes, petition, web, slow=number, **told))
        finally:
            processes.stop()
            postgres.remove()
    text = f"{machine}\n\n{report(quiet, slow, found)}"
    if options.write:
        write_between(MARK, text)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
