"""How many letters a minute one and two workers hand over, and what memory they take.

`bin/python bench/letters.py` hands over 10,000 letters with each number of workers;
with --write the figures go into README.md.
"""

import argparse
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import rows  # noqa: E402
from workers import site_without_web  # noqa: E402

from processes import interrupt_on_signals  # noqa: E402
from tests.letters.unruly import UnrulyServer  # noqa: E402

README = ROOT / "bench/README.md"
BEGIN, END = "<!-- letters -->\n", "<!-- end of letters -->\n"
SAMPLES = 10
SECONDS_TO_MOVE = 300


class CountingServer(UnrulyServer):
    """Takes everything and keeps nothing."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self._moved = threading.Condition(self.lock)

    def take(self, sender, recipient, content):
        with self._moved:
            self.count += 1
            self._moved.notify_all()
        return self.takes

    def wait_for(self, number):
        with self._moved:
            if not self._moved.wait_for(lambda: self.count >= number, SECONDS_TO_MOVE):
                sys.exit(f"Only {self.count} of {number} letters arrived.")


@dataclass
class Run:
    """The letters that some workers handed over."""

    workers: int
    letters: int
    seconds: float
    worker_ms: float
    postgres_ms: float
    elsewhere: float  # share of the machine that others took: how disturbed it was
    memory: list  # at each sample, of each worker: RSS in MB

    def row(self):
        cells = (
            f"{self.workers}",
            f"{self.letters:,}",
            f"{self.letters / self.seconds * 60:,.0f}",
            f"{self.worker_ms:.1f}",
            f"{self.postgres_ms:.1f}",
            f"{self.elsewhere:.0%}",
        )
        return f"| {' | '.join(cells)} |"

    def memory_rows(self):
        for index in range(self.workers):
            sizes = [f"{sample[index]:.1f}" for sample in self.memory]
            yield f"| {index + 1} of {self.workers} | {' | '.join(sizes)} |"


def queue_letters(number):
    """Confirmed letters to one recipient each, waiting for a worker."""
    from django.utils import timezone

    from letters.models import Delivery, Letter, RecipientList, SuggestedLetter
    from supporters.models import Confirmation, Supporter
    from tests.factories import make_letter, make_recipients

    suggested = SuggestedLetter.objects.first() or make_letter(
        recipients=make_recipients(1)
    )
    recipient = RecipientList.objects.get().recipients.get()
    supporter = Supporter.objects.with_address("ada@mail.example")
    now = timezone.now()
    confirmations = Confirmation.objects.bulk_create(
        Confirmation(
            supporter=supporter,
            campaign=suggested.campaign,
            kind="letter",
            language="en",
            used_at=now,
        )
        for _ in range(number)
    )
    written = Letter.objects.bulk_create(
        Letter(
            suggested_letter=suggested,
            confirmation=confirmation,
            name="Ada Lovelace",
            place="London, United Kingdom",
            subject=suggested.subject,
            text=f"Dear Mayor and Council:\n\n{'Please help. ' * 100}\n\nAda Lovelace",
            confirmed_at=now,
        )
        for confirmation in confirmations
    )
    Delivery.objects.bulk_create(
        Delivery(
            letter=letter,
            recipient=recipient,
            label=recipient.label,
            greeting=recipient.greeting,
        )
        for letter in written
    )


def measure(site, number, letters):
    """Hand over so many letters by so many workers."""
    relay = CountingServer()
    queue_letters(letters)
    rows.vacuum()
    workers = [site.start(relay.port) for _ in range(number)]
    # The first letters come with the imports of a worker that begins.
    first = letters // SAMPLES
    relay.wait_for(first)
    before = clocks(workers, site.postmaster)
    memory = [sizes(workers)]
    for sample in range(2, SAMPLES + 1):
        relay.wait_for(letters * sample // SAMPLES)
        memory.append(sizes(workers))
    after = clocks(workers, site.postmaster)
    seconds, worker, postgres, relays, machine = (
        b - a for a, b in zip(before, after, strict=True)
    )
    others = max(0, machine - worker - postgres - relays)
    counted = letters - first
    for process in workers:
        process.terminate()
        process.wait()
    relay.stop()
    refuse_unsettled()
    return Run(
        workers=number,
        letters=counted,
        seconds=seconds,
        worker_ms=worker / counted * 1000,
        postgres_ms=postgres / counted * 1000,
        elsewhere=others / seconds / os.cpu_count(),
        memory=memory,
    )


def clocks(workers, postmaster):
    """The time, and CPU seconds of workers, PostgreSQL, relay (us), machine."""
    return (
        time.monotonic(),
        sum(figures.cpu_seconds(worker.pid) for worker in workers),
        figures.cpu_seconds(postmaster),
        time.process_time(),
        figures.busy_seconds(),
    )


def sizes(workers):
    return [figures.memory(worker.pid)[0] for worker in workers]


def refuse_unsettled():
    from letters.models import Delivery
    from outbox.models import Outcome

    if Delivery.objects.exclude(outcome=Outcome.SENT).exists():
        sys.exit("Not every letter was handed over.")


def report(runs):
    heads = [f"{share}0 %" for share in range(1, SAMPLES + 1)]
    return "\n".join(
        [
            figures.machine(rows.scalar("SHOW server_version")),
            "",
            "| workers | letters | letters a minute | worker CPU ms each "
            "| PostgreSQL CPU ms each | elsewhere |",
            "| ---: | ---: | ---: | ---: | ---: | ---: |",
            *(run.row() for run in runs),
            "",
            f"| RSS in MB, worker | {' | '.join(heads)} |",
            f"| --- |{' ---: |' * SAMPLES}",
            *(row for run in runs for row in run.memory_rows()),
            "",
        ]
    )


def write(text):
    """Between its two marks, whatever stands around them."""
    before, _begin, rest = README.read_text().partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        sys.exit(f"{README} has no place for this: {BEGIN}{END}")
    README.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--letters", type=int, default=10_000, help="(10,000)")
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("CPU times are read from /proc: run this on Linux.")
    interrupt_on_signals()
    os.chdir(ROOT)
    with site_without_web() as site:
        runs = []
        for number in (1, 2):
            runs.append(measure(site, number, options.letters))
            print(runs[-1].row(), *runs[-1].memory_rows(), sep="\n", flush=True)
        text = report(runs)
    print(f"\n{text}")
    if options.write:
        write(text)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
