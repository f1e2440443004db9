"""Asks one address again and again, from several clients, and checks every answer.

Reads a Plan (JSON) on standard input and writes a Result (JSON) on standard output.
It stands on plain sockets: a client that costs more than the server would be measured.
"""

import json
import os
import signal
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from functools import partial
from multiprocessing import get_context
from urllib.parse import urlencode

# Becomes another word in each request, where a body holds it.
UNIQUE = "UNIQUE0"
# As many as the site has threads (2 workers × 4). Each is a process with a connection
# of its own: one worker may catch every connection of a single client.
CLIENTS = 8
SECONDS_TO_FORK = 0.5
TIMEOUT = 10


@dataclass
class Plan:
    """What to ask for how long, and which answer is right."""

    path: str
    status: int
    form: dict | None = None
    body: str = ""  # in the place of a form, as it is sent; with UNIQUE in it
    content_type: str = "application/x-www-form-urlencoded"
    network: int | None = None  # from which all come; each has one of its own if None
    headers: dict = field(default_factory=dict)  # name in lower case: how it begins
    bytes_at_least: int = 0
    bytes_at_most: int = 1 << 30
    port: int = 0
    seconds: float = 0

    def request(self, email):
        origin = f"http://127.0.0.1:{self.port}"
        is_post = self.form is not None or self.body
        lines = [
            f"{'POST' if is_post else 'GET'} {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "User-Agent: Mozilla/5.0 (bench)",
            "Accept: text/html",
            "Accept-Encoding: br",
            "Accept-Language: en",
        ]
        body = self.body.replace(UNIQUE, email.partition("@")[0]).encode()
        if self.form is not None:
            body = urlencode({**self.form, "email": email}).encode()
        if is_post:
            lines += [
                f"Origin: {origin}",
                "Sec-Fetch-Site: same-origin",
                f"Content-Type: {self.content_type}",
                f"Content-Length: {len(body)}",
            ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def accepts(self, status, headers, length):
        return (
            status == self.status
            and self.bytes_at_least <= length <= self.bytes_at_most
            and all(
                headers.get(name, "").startswith(start)
                for name, start in self.headers.items()
            )
        )


@dataclass
class Result:
    """What came of it; times in seconds."""

    good: int
    bad: int
    seconds: float
    p50: float
    p99: float
    first_bad: str


class Connection:
    """A keep-alive connection, from a network (/24) of the client's own.

    Supporters do not share one network, whose one row of the limits they would all
    have to wait for. On Linux the whole of 127.0.0.0/8 is this machine.
    """

    def __init__(self, port, number):
        self._address = ("127.0.0.1", port)
        self._source = (f"127.0.{number + 1}.1", 0)
        self._socket = None

    def ask(self, request):
        """Send a request and read its whole answer: status, headers, length of body."""
        if self._socket is None:
            self._socket = socket.create_connection(
                self._address, TIMEOUT, self._source
            )
        try:
            self._socket.sendall(request)
            head, body = self._read_until(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            pairs = (line.partition(": ")[::2] for line in lines)
            headers = {name.lower(): value for name, value in pairs}
            length = int(headers["content-length"])
            self._read_rest(length - len(body))
        except BaseException:
            self.close()
            raise
        if headers.get("connection") == "close":
            self.close()
        return int(first.split()[1]), headers, length

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _read_until(self, end):
        data = self._receive()
        while end not in data:
            data += self._receive()
        head, _, rest = data.partition(end)
        return head, rest

    def _read_rest(self, missing):
        while missing > 0:
            missing -= len(self._receive())
        if missing < 0:
            raise ValueError("more bytes than Content-Length says")

    def _receive(self):
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("closed before the end of the answer")
        return data


def be_client(plan, start, number):
    """One client's work: (good, bad, latencies, first bad answer, end)."""
    network = number if plan.network is None else plan.network
    connection = Connection(plan.port, network)
    good = bad = count = 0
    first_bad = ""
    latencies = []
    parent = os.getppid()
    time.sleep(max(0, start - time.monotonic()))
    while (before := time.monotonic()) < start + plan.seconds:
        if os.getppid() != parent:
            os._exit(1)  # the bench was stopped
        count += 1
        # Fresh each time: no two runs and no two clients share a start and a number.
        request = plan.request(f"ada-{start:.6f}-{number}-{count}@mail.example")
        try:
            answer = connection.ask(request)
        except (OSError, ValueError, KeyError, IndexError) as error:
            answer = (0, {}, 0)
            first_bad = first_bad or repr(error)
        latencies.append(time.monotonic() - before)
        if plan.accepts(*answer):
            good += 1
        else:
            bad += 1
            first_bad = first_bad or f"{answer[0]}, {answer[2]} bytes, {answer[1]}"
    connection.close()
    return good, bad, latencies, first_bad, time.monotonic()


def run(plan):
    start = time.monotonic() + SECONDS_TO_FORK
    with get_context("fork").Pool(CLIENTS) as pool:
        # One task a process: nobody takes a second one before all have the first.
        clients = pool.map(partial(be_client, plan, start), range(CLIENTS), 1)
    good, bad, latencies, reasons, ends = zip(*clients, strict=True)
    ordered = sorted(latency for client in latencies for latency in client)
    return Result(
        good=sum(good),
        bad=sum(bad),
        seconds=max(ends) - start,
        p50=ordered[len(ordered) // 2],
        p99=ordered[len(ordered) * 99 // 100],
        first_bad=next(filter(None, reasons), ""),
    )


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this stops it
    print(json.dumps(asdict(run(Plan(**json.load(sys.stdin))))))
