"""How many mails a minute one worker and two hand over: letters, or an update.

`bin/python bench/sending.py` queues letters to one office, and an update to very many
followers, and lets workers send them for a while; with --all, two of them send the
update to the end, and with --kills one of the two is killed so often meanwhile. It
ends with an error when anything came twice, or, at the end, unless everybody has got
it once, or once at most where we say "may have arrived".
"""

import os
import sys
import time
from contextlib import contextmanager

from library import figures, program, rows, servers
from library.relays import QuickRelay

MOST_SECONDS_TO_QUEUE = 30
MOST_SECONDS_TO_SEND_ALL = 3600
TO_WARM_UP = 100  # the first mails come with the imports of a worker that begins
# What a killed worker has claimed is not waited for as long as in production.
LEASE = {"MAIL_LEASE_SECONDS": "120"}


class Sending:
    """Lets workers of `started` hand over what is queued, to a relay."""

    def __init__(self, started, relay, goal):
        self.started = started
        self.relay = relay
        self.goal = goal

    def measure(self, name, number, seconds):
        """So many workers, until then or until all is done; a finding."""
        with self.workers(number) as working:
            self.wait_for(min(self.relay.taken + TO_WARM_UP, self.goal))
            pids = [process.pid for process in working]
            sizes, taken = list(map(figures.memory, pids)), self.relay.taken
            meter = figures.Meter(
                worker=pids,
                postgres=[self.started.postmaster],
                relay=[self.relay.pid],
            )
            give_up = time.monotonic() + seconds
            while self.relay.taken < self.goal and time.monotonic() < give_up:
                time.sleep(0.1)
            used, mails = meter.used(), max(1, self.relay.taken - taken)
            grown = [
                figures.memory(pid) - before
                for pid, before in zip(pids, sizes, strict=True)
            ]
        figure = (
            f"{mails / used.seconds * 60:,.0f} a minute ({mails:,}), CPU a mail"
            f" {used.worker / mails * 1000:.1f} ms and PostgreSQL"
            f" {used.postgres / mails * 1000:.1f}, memory {max(grown):+.1f} MB,"
            f" elsewhere {used.elsewhere:.0%}"
        )
        print(f"{name}, {number}: {figure}", flush=True)
        return (f"{name}, {number} worker(s)", "", figure, "")

    def send_all(self, kills):
        """Let two workers send the rest, and kill one, then the other, so often."""
        from outbox.models import OutgoingMail

        with self.workers(2) as working:
            before = self.relay.taken
            for number in range(1, kills + 1):
                self.wait_for(before + (self.goal - before) * number // (kills + 1))
                working[number % 2].kill()
                working[number % 2].wait()
                working[number % 2] = self.start_worker()
            program.wait_until(
                lambda: not OutgoingMail.objects.open().exists(),
                MOST_SECONDS_TO_SEND_ALL,
                "Not all mails have left.",
            )

    @contextmanager
    def workers(self, number):
        """As many worker processes as this, as in production."""
        working = [self.start_worker() for _ in range(number)]
        yield working
        for process in working:
            process.terminate()
        for process in working:
            process.wait()

    def start_worker(self):
        environment = servers.NO_RATES | LEASE
        return self.started.start_worker(self.relay.port, **environment)

    def wait_for(self, number):
        program.wait_until(
            lambda: self.relay.taken >= number,
            MOST_SECONDS_TO_SEND_ALL,
            f"Less than {number:,} mails arrived.",
        )


def queue(update):
    """The mailing of that update, its seconds and by how many MB memory grew."""
    from supporters.models import Mailing

    mailing = Mailing.objects.create(update=update)
    before, began = figures.memory(os.getpid()), time.monotonic()
    mailing.queue()
    grown = figures.memory(os.getpid()) - before
    return mailing, time.monotonic() - began, grown


def send_letters(started, options, relay):
    """One worker, then two, each with as many letters as that."""
    from letters.models import Delivery
    from outbox.models import Outcome

    found = []
    for number in (1, 2):
        rows.queue_letters(options.letters)
        sending = Sending(started, relay, options.letters * number)
        found.append(sending.measure("letters", number, MOST_SECONDS_TO_SEND_ALL))
        if Delivery.objects.exclude(outcome=Outcome.SENT).exists():
            sys.exit("Not every letter was handed over.")
    return found


def send_update(started, options, relay):
    """One worker, then two, for so many seconds; then two to the end, if asked for."""
    mailing, seconds, grown = queue(rows.add_followers(options.followers))
    if seconds > MOST_SECONDS_TO_QUEUE or mailing.followers != options.followers:
        sys.exit(f"{mailing.followers} followers in {seconds} s: too slow, or not all.")
    queued = f"{seconds:.1f} s, memory {grown:+.1f} MB"
    found = [(f"queueing an update to {options.followers:,}", "2 s", queued, "")]
    sending = Sending(started, relay, options.followers)
    found += [sending.measure("update", n, options.seconds) for n in (1, 2)]
    if options.all or options.kills:
        sending.send_all(options.kills)
        sent, in_doubt = (mailing.numbers()[name] for name in ("sent", "in_doubt"))
        figure = (
            f"{sent:,} sent, {in_doubt} in doubt, {relay.taken:,} mails at the relay,"
            f" {relay.twice} twice"
        )
        is_true = sent <= relay.taken <= sent + in_doubt == mailing.followers
        if not is_true or (in_doubt and not options.kills):
            sys.exit(f"Not everyone got it exactly once: {figure}.")
        name = f"update, {options.kills} workers killed"
        found.append((name, "each once", figure, ""))
    return found


def main():
    options = program.options(
        __doc__,
        letters=(10_000, "for one worker, and again for two"),
        followers=(100_000, "of the update"),
        seconds=(60.0, "of one run with the update"),
        all=(False, "send the update to its last follower"),
        kills=(0, "of workers, while the rest is sent"),
        only=(("letters", "update"), "this part alone"),
    )
    found = []
    parts = {"letters": send_letters, "update": send_update}
    relays = {name: QuickRelay(to_one_office=name == "letters") for name in parts}
    with servers.running(servers.tables) as started:
        for name in options.only or parts:
            found += parts[name](started, options, relays[name])
    for name, relay in relays.items():
        relay.stop()
        if relay.twice:
            sys.exit(f"{relay.twice} of {relay.taken:,} mails came twice: {name}.")
    figures.publish("sending", found, options)


if __name__ == "__main__":
    program.run(main)
