"""What an update to very many followers costs: queueing it, and handing it over.

`bin/python bench/updates.py` makes the followers, queues an update to all of them, lets
one worker and then two send for a while, and then two send the rest; with --kills one
of them is killed so often meanwhile. It ends with an error unless every follower's mail
arrived at the relay exactly once, or once at most where we say "may have arrived".
"""

import argparse
import asyncio
import multiprocessing
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import django  # noqa: E402
import figures  # noqa: E402
import servers  # noqa: E402
from django.core.management import call_command  # noqa: E402

from processes import Processes, interrupt_on_signals  # noqa: E402

README = ROOT / "bench/README.md"
BEGIN, END = "<!-- updates: begin -->", "<!-- updates: end -->"
MOST_SECONDS_TO_QUEUE = 30
# What a killed worker has claimed is not waited for as long as in production.
LEASE = 120
STORY = "<p>The Mayor has read your letters, and answers each of them.</p>" * 6
FOLLOWERS = """
    WITH s AS (
        INSERT INTO supporters_supporter (email, confirmed_at, cookie_version)
        SELECT format('person%%s@mail.example', n), now(), 1
        FROM generate_series(1, %(number)s) n RETURNING id
    ), c AS (
        INSERT INTO supporters_confirmation
            (supporter_id, campaign_id, kind, language, issue, tries, used_at)
        SELECT id, %(campaign)s, 'follow', 'en', 1, 0, now() FROM s
        RETURNING id, supporter_id
    )
    INSERT INTO supporters_follow (confirmation_id, supporter_id, campaign_id,
        frequency, language, key, held_for, confirmed_at, stopped_for, stopped_words)
    SELECT id, supporter_id, %(campaign)s, 'immediate', 'en',
        substr(md5(id::text), 1, 22), '', now(), '', '' FROM c
"""


class Relay:
    """An SMTP server that takes everything and counts who got how many."""

    def __init__(self):
        self.port = multiprocessing.Value("i", 0)
        self.taken = multiprocessing.Value("l", 0)
        self.twice = multiprocessing.Value("l", 0)
        self._process = multiprocessing.Process(target=self._run, daemon=True)
        self._process.start()
        while not self.port.value:
            time.sleep(0.01)

    def stop(self):
        self._process.kill()

    def _run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._seen = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=2**20)
        self.port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    async def _talk(self, reader, writer):
        writer.write(b"220 bench\r\n")
        recipient = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = re.search(b"<(.*?)>", line)[1]
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.twice.value += recipient in self._seen
                self._seen.add(recipient)
                self.taken.value += 1
            if verb == b"QUIT":
                break
            writer.write(b"250 ok\r\n")
        writer.close()


def memory():
    """What this process holds now, in MB."""
    return figures.memory(os.getpid())[0]


def make_followers(number):
    from django.db import connection
    from django.utils import timezone

    from campaigns.models import Campaign, Update

    now = timezone.now()
    campaign = Campaign.objects.create(
        title="Many follow", slug="many-follow", opens_at=now, published_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWERS, {"number": number, "campaign": campaign.pk})
        cursor.execute("VACUUM ANALYZE")
    return Update.objects.create(
        campaign=campaign,
        title="The Mayor answers",
        text=STORY,
        publish_at=now,
        published_at=now,
    )


def queue(update):
    """The mailing, the seconds it took, and how far the memory grew, in MB."""
    from supporters.models import Mailing

    mailing = Mailing.objects.create(update=update)
    before, began = memory(), time.monotonic()
    mailing.queue()
    return mailing, time.monotonic() - began, memory() - before


def start_worker(relay):
    environment = os.environ | {
        "EMAIL_URL": f"smtp://127.0.0.1:{relay.port.value}",
        "MAILS_A_MINUTE": "100000000",
        "MAIL_LEASE_SECONDS": str(LEASE),
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def workers(number, relay):
    """As many worker processes as this, as in production."""
    started = [start_worker(relay) for _ in range(number)]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def send(number, seconds, relay, postmaster, until):
    """Let workers send for so long or until all is done; a row of the table."""
    with workers(number, relay) as started:
        pids = [process.pid for process in started]
        warm = relay.taken.value
        while relay.taken.value < warm + 100 and relay.taken.value < until:
            time.sleep(0.05)
        taken, began = relay.taken.value, time.monotonic()
        cpu = sum(map(figures.cpu_seconds, pids))
        in_postgres = figures.cpu_seconds(postmaster)
        machine = figures.busy_seconds()
        resident = [figures.memory(pid)[0] for pid in pids]
        while relay.taken.value < until and time.monotonic() - began < seconds:
            time.sleep(0.1)
        passed = time.monotonic() - began
        mails = max(1, relay.taken.value - taken)
        cpu = sum(map(figures.cpu_seconds, pids)) - cpu
        in_postgres = figures.cpu_seconds(postmaster) - in_postgres
        machine = figures.busy_seconds() - machine - cpu - in_postgres
        elsewhere = machine / passed / os.cpu_count()  # the relay's share included
        grown = max(
            figures.memory(pid)[0] - before
            for pid, before in zip(pids, resident, strict=True)
        )
    cells = (
        str(number),
        f"{mails:,}",
        f"{passed:.0f}",
        f"{mails / passed:.0f}",
        f"{mails / passed * 60:,.0f}",
        f"{cpu / mails * 1000:.2f}",
        f"{in_postgres / mails * 1000:.2f}",
        f"{grown:+.1f}",
        f"{elsewhere:.0%}",
    )
    print(" | ".join(cells), flush=True)
    return f"| {' | '.join(cells)} |"


def send_while_killing(kills, relay, until):
    """Let two workers send the rest, and kill one, then the other, so often."""
    from outbox.models import OutgoingMail

    with workers(2, relay) as started:
        before = relay.taken.value
        for number in range(1, kills + 1):
            goal = before + (until - before) * number // (kills + 1)
            while relay.taken.value < goal:
                time.sleep(0.05)
            started[number % 2].kill()
            started[number % 2].wait()
            started[number % 2] = start_worker(relay)
        while OutgoingMail.objects.open().exists():
            time.sleep(1)


def bench(options, relay, postmaster):
    from django.db import connection

    update = make_followers(options.followers)
    mailing, seconds, grown = queue(update)
    queued = (
        f"{mailing.followers:,} followers queued in {seconds:.1f} s;"
        f" memory of the process {grown:+.1f} MB."
    )
    print(queued, flush=True)
    if seconds > MOST_SECONDS_TO_QUEUE or mailing.followers != options.followers:
        sys.exit("That is too long, or not all of them.")
    rows = [
        send(n, options.seconds, relay, postmaster, mailing.followers) for n in (1, 2)
    ]
    if options.all or options.kills:
        if options.kills:
            send_while_killing(options.kills, relay, mailing.followers)
        else:
            rows.append(send(2, 3600, relay, postmaster, mailing.followers))
        numbers = mailing.numbers()
        told = ", ".join(f"{n:,} {name}" for name, n in numbers.items() if n)
        arrived = (
            f"In the end, after {options.kills} workers were killed:"
            f" {told.replace('_', ' ')};"
            f" {relay.taken.value:,} mails at the relay, {relay.twice.value} twice."
        )
        print(arrived, flush=True)
        sent, in_doubt = numbers["sent"], numbers["in_doubt"]
        is_true = sent <= relay.taken.value <= sent + in_doubt == mailing.followers
        if not is_true or relay.twice.value or (in_doubt and not options.kills):
            sys.exit("Not everyone got it exactly once.")
    else:
        arrived = f"{relay.twice.value} of {relay.taken.value:,} arrived twice."
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return "\n".join(
        [
            figures.machine(version) + "\n",
            queued + "\n",
            "| workers | mails | seconds | mails/s | mails/min | worker CPU ms a mail"
            " | PostgreSQL CPU ms a mail | worker memory MB | elsewhere |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *rows,
            "\n" + arrived,
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60, help="of one run (60)")
    parser.add_argument("--all", action="store_true", help="send to the last one")
    parser.add_argument("--kills", type=int, default=0, help="of workers (none)")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    interrupt_on_signals()
    os.chdir(ROOT)
    servers.VAR.mkdir(parents=True, exist_ok=True)
    processes, postgres = Processes(), servers.new_postgres()
    relay = Relay()
    try:
        postgres.start(processes)
        for name in servers.UNSET:
            os.environ.pop(name, None)
        os.environ.update(servers.ENVIRONMENT, DATABASE_URL=postgres.url)
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        report = bench(options, relay, servers.postmaster(postgres))
    finally:
        relay.stop()
        processes.stop()
        postgres.remove()
    if options.write:
        before, _, rest = README.read_text().partition(BEGIN)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
