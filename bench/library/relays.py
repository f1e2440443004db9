"""Mail servers on loopback: one that refuses or hangs, and one that is quick."""

import asyncio
import multiprocessing
import re
import socket
import time
from collections import Counter, defaultdict

from aiosmtpd.controller import Controller

from library.program import wait_until

TAKES, HANGS = "takes", "hangs"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.I | re.M)


class Sink:
    """`mode` is TAKES, HANGS, or what is answered to every sender: "421 later"."""

    def __init__(self, got_mail, host="127.0.0.1"):
        self.mode = TAKES
        self.mails = Counter()  # by address
        self.came_at = defaultdict(list)  # time.monotonic(), by address and Message-ID
        self.first_at = {}  # time.monotonic(), by address
        self.refused = 0
        self._got_mail = got_mail
        with socket.create_server((host, 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname=host, port=self.port)
        self._controller.start()

    def stop(self):
        self._controller.stop()

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        while self.mode == HANGS:
            await asyncio.sleep(0.2)
        if self.mode != TAKES:
            self.refused += 1
            return self.mode
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        for address in envelope.rcpt_tos:
            self.mails[address] += 1
            self.first_at.setdefault(address, time.monotonic())
            mail = MESSAGE_ID.search(envelope.content)
            self.came_at[address, mail and mail[1]].append(time.monotonic())
            self._got_mail(address, envelope.content)
        return "250 OK"


class QuickRelay:
    """Takes everything, in a process of its own, and counts what came twice.

    That is a second mail to one recipient; or, if all go `to_one_office`, a second one
    from the same sender, since each letter has an address of its own to return to.
    `slow_domain` is one whose server answers RCPT so many seconds later. For who is
    called signer… it is kept when their mail came (time.time()).
    """

    def __init__(self, *, to_one_office=False, slow_domain=None, slow_seconds=0):
        self.to_one_office = to_one_office
        self.slow_domain, self.slow_seconds = slow_domain, slow_seconds
        self.came_at = multiprocessing.Manager().dict()
        self._port = multiprocessing.Value("i", 0)
        self._taken = multiprocessing.Value("l", 0)
        self._twice = multiprocessing.Value("l", 0)
        self._process = multiprocessing.Process(target=self._run, daemon=True)
        self._process.start()
        wait_until(lambda: self._port.value, 10, "The relay did not start.")
        self.port = self._port.value

    @property
    def pid(self):
        return self._process.pid

    @property
    def taken(self):
        return self._taken.value

    @property
    def twice(self):
        return self._twice.value

    def stop(self):
        self._process.kill()

    def _run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._seen = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=2**20)
        self._port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    async def _talk(self, reader, writer):
        writer.write(b"220 bench\r\n")
        sender = recipient = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"MAIL":
                sender = re.search(b"<(.*?)>", line)[1].decode()
            if verb == b"RCPT":
                recipient = re.search(b"<(.*?)>", line)[1].decode()
                if self.slow_domain and recipient.endswith(self.slow_domain):
                    await asyncio.sleep(self.slow_seconds)
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self._take(sender, recipient)
            if verb == b"QUIT":
                break
            writer.write(b"250 ok\r\n")
        writer.close()

    def _take(self, sender, recipient):
        key = sender if self.to_one_office else recipient
        self._twice.value += key in self._seen
        self._seen.add(key)
        self._taken.value += 1
        if recipient.startswith("signer"):
            self.came_at[recipient] = time.time()
