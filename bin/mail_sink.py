"""An SMTP server on loopback that keeps every message as a file and sends none.

`bin/python bin/mail_sink.py FD` serves on a listening socket that it inherits.
"""

import asyncio
import itertools
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Mailbox:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        envelope_lines = "".join(
            [
                f"X-Envelope-From: {envelope.mail_from}\r\n",
                *(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos),
            ]
        )
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        path = self.folder / f"{now}-{next(self._numbers)}.eml"
        # It gets its name only when it is complete: a page that lists the folder may be
        # reading.
        draft = path.with_suffix(".part")
        draft.write_bytes(envelope_lines.encode() + envelope.original_content)
        draft.rename(path)
        return f"250 Kept as {path.name}"


async def serve(listening, folder):
    mailbox = Mailbox(folder)
    server = await asyncio.get_running_loop().create_server(
        # It is named, because the default asks the network for this machine's name.
        lambda: SMTP(mailbox, hostname="localhost"),
        sock=listening,
    )
    await server.serve_forever()


if __name__ == "__main__":
    inherited = socket.socket(fileno=int(sys.argv[1]))
    asyncio.run(serve(inherited, os.environ["MAIL_SINK_DIR"]))
