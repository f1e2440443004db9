"""People who read, sign and confirm at a steady rate, and remember what they were told.

They are a process of their own. Each act is due at a fixed time, whether or not the
ones before have been answered, and its latency counts from then: a server that stands
still for a second makes all who came in that second wait, and they are all counted.
"""

import http.client
import itertools
import queue
import re
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from multiprocessing import get_context
from urllib.parse import urlencode

PERSON = {"name": "Ada Lovelace", "city": "London", "country": "GB", "website": ""}
LETTER = {
    "name": "Bo Park",
    "place": "London, United Kingdom",
    "own_words": "Dogs are friends.",
    "subject": "Please help",
    "body": "Dear all:\r\n\r\nPlease help the dogs of your city.\r\n\r\n[Your name]",
}
SIGN_THREADS, READ_THREADS, CONFIRM_THREADS, WRITE_THREADS = 64, 48, 32, 8
THINKS = 0.5  # seconds between somebody's mail and their click
TIMEOUT = 20
SECONDS_KEPT = 3  # an idle connection; the site closes it after five
TRIES_AGAIN_AFTER = 2
CODE = re.compile(r"^  (\d{6})\s", re.M)
LINK = re.compile(r"https?://[^/\s]+(/\S+/confirmation/)")
# In a page of the site, and in that of nginx when the site says nothing (away.html).
UNKNOWN = ("We do not know whether we stored this", "The site did not answer just now")


@dataclass
class Act:
    """What one person did, and what became of it as far as they know."""

    kind: str  # read, sign, write, confirm, or follow: where one of these leads to
    due: float  # time.monotonic()
    seconds: float = 0
    status: int = 0  # of the answer; 0 when none came
    email: str = ""
    is_unknown: bool = False  # no answer, or one that says that nobody knows

    @property
    def is_acknowledged(self):
        return self.status == (200 if self.kind in ("read", "follow") else 302)


def of_kind(acts, kind):
    """The acts of that kind that were acknowledged, and how many were not."""
    mine = [act for act in acts if act.kind == kind]
    good = [act for act in mine if act.is_acknowledged]
    return good, len(mine) - len(good)


@dataclass
class Rates:
    """How much a second, and which share of the signers confirm."""

    sign: float
    read: float
    confirming: float = 0.6
    write: float = 0  # letters


@dataclass
class People:
    """Ask the site on `port` about one campaign, until they are stopped."""

    port: int
    campaign: str  # the path of its page
    rates: Rates
    host: str = "127.0.0.1"
    again: bool = False  # sign again, by the same address, what was not acknowledged
    cookie: str = ""  # with which every second one reads, and so misses the page cache

    def start(self):
        """They begin in half a second; returns themselves."""
        context = get_context("fork")
        self.mails = context.SimpleQueue()
        self._told, told = context.Pipe(duplex=False)
        self._stop = context.Event()
        self._process = context.Process(target=self._live, args=[told], daemon=True)
        self._process.start()
        return self

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        """Let nobody new come; returns the acts of all."""
        self._stop.set()
        acts = self._told.recv()
        self._process.join()
        return acts

    def got_mail(self, email, content):
        """Hand a mail to whom it is for; it holds a code and a link, or is ignored.

        Nobody reads any more once they have stopped: the pipe would fill, and whoever
        writes into it would wait for ever.
        """
        if self._stop.is_set():
            return
        mail = message_from_bytes(content, policy=policy.default)
        text = mail.get_body(("plain",)).get_content()
        code, link = CODE.search(text), LINK.search(text)
        if code and link:
            self.mails.put((email, code[1], link[1]))

    def _live(self, told):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started them stops them
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # as when that one has failed
        self._acts, self._inboxes = [], {}
        self._to_confirm, self._to_try_again = queue.SimpleQueue(), queue.SimpleQueue()
        self._begin = time.monotonic() + 0.5
        rates = self.rates
        threads = [
            *self._threads(self._sign, rates.sign, SIGN_THREADS),
            *self._threads(self._read, rates.read, READ_THREADS),
        ]
        if rates.write:
            threads += self._threads(self._write, rates.write, WRITE_THREADS)
        threads += [
            threading.Thread(target=self._confirm_all, args=[n])
            for n in range(CONFIRM_THREADS)
        ]
        for thread in threads:
            thread.start()
        threading.Thread(target=self._take_mails, daemon=True).start()
        for thread in threads:
            thread.join()
        told.send(self._acts)

    def _threads(self, act, rate, number):
        dues = (self._begin + n / rate for n in itertools.count())
        lock = threading.Lock()

        def work(thread):
            visitor = Visitor(self.host, self.port, thread)
            while not self._stop.is_set():
                with lock:
                    due = next(dues)
                if self._stop.wait(max(0, due - time.monotonic())):
                    break
                act(visitor, due)
            visitor.close()

        return [threading.Thread(target=work, args=[n]) for n in range(number)]

    def _read(self, visitor, due):
        visitor.cookie = "" if visitor.cookie else self.cookie
        visitor.do(Act("read", due), self._acts, "GET", self.campaign)

    def _sign(self, visitor, due):
        email = f"ada-{due - self._begin:.4f}@mail.example"
        with suppress(queue.Empty):
            since, email_again = self._to_try_again.get_nowait()
            if since > due:
                self._to_try_again.put((since, email_again))
            else:
                email = email_again
        act = Act("sign", due, email=email)
        path = visitor.do(
            act,
            self._acts,
            "POST",
            f"{self.campaign}signatures/",
            email=email,
            **PERSON,
        )
        if act.is_acknowledged:
            self._inboxes[email] = path
        elif self.again:
            self._to_try_again.put((due + TRIES_AGAIN_AFTER, email))

    def _write(self, visitor, due):
        email = f"bo-{due - self._begin:.4f}@mail.example"
        act = Act("write", due, email=email)
        path = f"{self.campaign}letter/"
        visitor.do(act, self._acts, "POST", path, email=email, send="", **LETTER)

    def _take_mails(self):
        asked = Counter()
        for number in itertools.count():
            email, code, link = self.mails.get()
            asked[email] += 1
            if asked[email] == 1 and number % 100 < self.rates.confirming * 100:
                by_code = number % 2
                due = time.monotonic() + THINKS
                self._to_confirm.put((due, email, by_code and code, link))

    def _confirm_all(self, number):
        visitor = Visitor(self.host, self.port, 64 + number)
        while not self._stop.is_set():
            try:
                due, email, code, link = self._to_confirm.get(timeout=0.2)
            except queue.Empty:
                continue
            if self._stop.wait(max(0, due - time.monotonic())):
                break
            act = Act("confirm", due, email=email)
            inbox = self._inboxes.get(email)
            if code and inbox:
                visitor.do(act, self._acts, "POST", f"{inbox}code/", code=code)
            else:
                opened = Act("follow", due, email=email)
                visitor.do(opened, self._acts, "GET", link)
                act.due = time.monotonic()
                visitor.do(act, self._acts, "POST", link, own_device="")
            if self.again and not act.is_acknowledged and act.status != 410:
                again = time.monotonic() + TRIES_AGAIN_AFTER
                self._to_confirm.put((again, email, "", link))
        visitor.close()


class Visitor:
    """A browser's connection that is kept open, from a network (/24) of its own."""

    cookie = ""

    def __init__(self, host, port, number):
        network = ".".join(host.split(".")[:2])
        self._connection = http.client.HTTPConnection(
            host, port, TIMEOUT, source_address=(f"{network}.{number + 1}.1", 0)
        )
        self._used_at = 0

    def do(self, act, acts, method, path, **form):
        """Ask, write the act down, and go where the answer leads; returns that."""
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "identity"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        body = None
        if method == "POST":
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        leads_to = ""
        if time.monotonic() - self._used_at > SECONDS_KEPT:
            self._connection.close()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            page = answer.read().decode()
            act.status = answer.status
            act.is_unknown = any(words in page for words in UNKNOWN)
            leads_to = answer.headers.get("Location", "")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            act.is_unknown = True
        self._used_at = time.monotonic()
        act.seconds = self._used_at - act.due
        acts.append(act)
        if act.is_acknowledged and leads_to:
            after = Act("follow", time.monotonic(), email=act.email)
            self.do(after, acts, "GET", leads_to)
        return leads_to

    def close(self):
        self._connection.close()
