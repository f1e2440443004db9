"""How long somebody at a form waits for their mail, whatever else waits to leave.

`bin/python bench/waiting.py` queues an update to very many followers and lets one
worker send it; meanwhile people sign. Some of them, and of the followers, have their
mail at a domain whose server answers RCPT after a minute and a half. It ends with an
error when one of the others waited for more than a second from the commit of the form.
"""

import argparse
import asyncio
import multiprocessing
import os
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import updates  # noqa: E402
from workers import site_without_web  # noqa: E402

SLOW_DOMAIN, SLOW_SECONDS = "slow.example", 90
MOST_SECONDS = 1.0


class Relay(updates.Relay):
    """Notes when each mail to a signer came, and is slow for one domain."""

    def __init__(self):
        self.at = multiprocessing.Manager().dict()
        self.others = multiprocessing.Value("l", 0)
        super().__init__()

    async def _talk(self, reader, writer):
        writer.write(b"220 bench\r\n")
        recipient = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = re.search(b"<(.*?)>", line)[1].decode()
                if recipient.endswith(SLOW_DOMAIN):
                    await asyncio.sleep(SLOW_SECONDS)
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                if recipient.startswith("signer"):
                    self.at[recipient] = time.time()
                else:
                    self.others.value += 1
            if verb == b"QUIT":
                break
            writer.write(b"250 ok\r\n")
        writer.close()


def sign(petition, email):
    """Take a signature as the form does; the moment of its commit."""
    petition.sign(
        name="Ada Lovelace",
        email=email,
        city="London",
        country="GB",
        shown_as="no",
        consents=[("signature", "I sign.", "1")],
        language="en",
        page="/",
    )
    return time.time()


def bench(options, relay, workers):
    from django.db import connection

    from campaigns.models import Campaign
    from petitions.models import Petition

    update = updates.make_followers(options.followers)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE supporters_supporter SET email = replace(email, 'mail.', 'slow.')"
            " WHERE id % 10 = 0"
        )
    petition = Petition.objects.create(
        campaign=Campaign.objects.get(), ask="I ask you to help."
    )
    _mailing, seconds, _grown = updates.queue(update)
    print(f"{options.followers:,} updates queued in {seconds:.1f} s", flush=True)
    for _number in range(options.workers):
        workers.start(relay.port.value, MAILS_A_MINUTE="600")
    while not relay.others.value:
        time.sleep(0.1)
    began = time.monotonic()
    signed = {}
    for number in range(options.signers):
        if number % 5 == 0:
            sign(petition, f"signer{number}@{SLOW_DOMAIN}")
        email = f"signer{number}@{('mail', 'other')[number % 2]}.example"
        signed[email] = sign(petition, email)
        time.sleep(options.every)
    time.sleep(3)
    passed = time.monotonic() - began
    arrived = dict(relay.at)
    waits = [arrived[email] - at for email, at in signed.items() if email in arrived]
    print(
        f"{len(waits)} of {len(signed)} signers' mails left beside"
        f" {relay.others.value:,} updates: median {statistics.median(waits):.2f} s,"
        f" longest {max(waits):.2f} s after the commit of their form;"
        f" in {passed:.0f} s, {options.workers} worker(s)",
        flush=True,
    )
    if len(waits) < len(signed) or max(waits) > MOST_SECONDS:
        sys.exit("Somebody waited for longer than a second.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--signers", type=int, default=100)
    parser.add_argument("--every", type=float, default=0.3, help="seconds (0.3)")
    options = parser.parse_args()
    os.chdir(ROOT)
    relay = Relay()
    try:
        with site_without_web() as workers:
            bench(options, relay, workers)
    finally:
        relay.stop()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
