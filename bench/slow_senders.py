"""A thousand visitors who send a byte a second, while others read and sign.

`bin/python bench/slow_senders.py` takes two minutes; with --write what it found goes
into README.md. It fails when the p95 of the others has more than doubled, or when one
of them got no good answer. All of it is on loopback, and ends by itself.
"""

import itertools
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

from library import ROOT, figures, program, rows, servers
from library.people import People, Rates

RATES = Rates(sign=10, read=40, confirming=0)
MOST_SENDERS, MOST_SECONDS = 5000, 60
# What Debian has in /etc/nginx/nginx.conf, on one processor.
AS_FOUND = "events { worker_connections 768; }"
# With and without the slow ones in turn, so that what else the machine does hits both.
ROUNDS = 3
LEAST_MS = 20  # what a machine that does something else may add


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
    """What others met while so many were slow, behind an nginx that is set up so."""

    name: str
    main: str
    slow: int
    cut_off: int = 0
    acts: list = field(default_factory=list)

    def run(self, started, web, petition, seconds):
        """Behind an nginx of its own; adds whom it cut off, and the others' acts."""
        process, port = started.start_nginx(web, main=self.main)
        senders = SlowSenders(port, self.slow).start() if self.slow else None
        if senders:
            time.sleep(3)  # until all are connected
        people = People(port, petition.campaign.get_absolute_url(), RATES).start()
        time.sleep(seconds)
        acts = [act for act in people.stop() if act.kind in ("read", "sign")]
        self.acts += acts
        self.cut_off += senders.stop() if senders else 0
        process.terminate()
        process.wait(30)
        started.forget_ended()
        print(self.slow, "slow:", dict(Counter(act.status for act in acts)), flush=True)

    @property
    def bad(self):
        return sum(not act.is_acknowledged for act in self.acts)

    def milliseconds(self, kind, percentile):
        taken = [act.seconds for act in self.acts if act.kind == kind]
        return figures.milliseconds(taken, percentile)

    def finding(self, aim):
        reading, signing = (
            f"{self.milliseconds(kind, 50):,.0f} / {self.milliseconds(kind, 95):,.0f}"
            for kind in ("read", "sign")
        )
        figure = (
            f"reading {reading} ms, signing {signing} (p50 / p95); no good answer"
            f" {self.bad} of {len(self.acts):,}; {self.cut_off:,} cut off"
        )
        return (f"{self.slow:,} slow, {self.name}", aim, figure, "")


def as_told():
    """What our nginx.conf asks for in the one of the whole server."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    lines = re.findall(r"^#     (\S.*)", text, re.M)
    return "\n".join(lines)


def refuse_worse(quiet, slow):
    """End the bench when the others were worse off beside the slow ones."""
    for kind in ("read", "sign"):
        before, now = quiet.milliseconds(kind, 95), slow.milliseconds(kind, 95)
        if now > max(2 * before, before + LEAST_MS):
            sys.exit(f"WRONG: {kind} p95 was {before:.0f} ms and is {now:.0f} ms")
    if quiet.bad or slow.bad:
        sys.exit(f"WRONG: {quiet.bad} and {slow.bad} got no good answer")


def main():
    options = program.options(
        __doc__, senders=(1000, "at once"), seconds=(10.0, "of a phase")
    )
    number = min(options.senders, MOST_SENDERS)
    quiet, slow = (Phase("as we ask for", as_told(), n) for n in (0, number))
    crowded = Phase("768 connections", AS_FOUND, number)
    with servers.running(servers.site) as started:
        web = started.start_gunicorn("site", "campaign_site.wsgi", TRUSTED_PROXIES="1")
        petition = rows.open_petition()
        from django.db import connection

        connection.close()  # a child must not share it
        where = (started, web, petition, min(options.seconds, MOST_SECONDS))
        Phase("to warm up", as_told(), 0).run(*where)
        for phase in (*(quiet, slow) * ROUNDS, crowded):
            phase.run(*where)
    refuse_worse(quiet, slow)
    found = [quiet.finding(""), slow.finding("p95 at most 2×"), crowded.finding("")]
    figures.publish("slow_senders", found, options)


if __name__ == "__main__":
    program.run(main)
