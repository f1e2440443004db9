"""A mail server on loopback that can refuse and hang."""

import asyncio
import re
import socket
import time
from collections import Counter, defaultdict

from aiosmtpd.controller import Controller

TAKES, HANGS = "takes", "hangs"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.I | re.M)


class Sink:
    """`mode` is TAKES, HANGS, or what is answered to every sender: "421 later"."""

    def __init__(self, got_mail, host="127.0.0.1"):
        self.mode = TAKES
        self.mails = Counter()  # by address
        self.came_at = defaultdict(list)  # time.monotonic(), by address and Message-ID
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
            mail = MESSAGE_ID.search(envelope.content)
            self.came_at[address, mail and mail[1]].append(time.monotonic())
            self._got_mail(address, envelope.content)
        return "250 OK"
