"""A mail server on loopback: takes mails, refuses them, or never answers."""

import asyncio
import socket
import time
from collections import Counter

from aiosmtpd.controller import Controller

TAKES, HANGS = "takes", "hangs"


class Sink:
    """`mode` is TAKES, HANGS, or what is answered to every sender: "421 later"."""

    def __init__(self, got_mail):
        self.mode = TAKES
        self.mails = Counter()  # by address
        self.first_at = {}  # time.monotonic(), by address
        self.refused = 0
        self._got_mail = got_mail
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
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
            self._got_mail(address, envelope.content)
        return "250 OK"
