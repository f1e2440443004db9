"""Letters through a relay that misbehaves and workers that are killed (-9)."""

import random
import threading
import time
from collections import Counter

from tests.letters.unruly import UnrulyServer

RECIPIENTS = 8
REFUSED = "ward8@council.example"
SLOW_SECONDS = 0.2
# What happens at which step of how many conversations in a hundred; the rest are taken.
MISHAPS = {
    "mail": {"421 4.3.2 shutting down": 2, "slow": 2},
    "rcpt": {"450 4.2.1 try again later": 4, "drop": 2, "slow": 2},
    "data": {"451 4.3.0 not now": 1, "drop": 2},
    "end": {"452 4.3.1 disk full": 2, "drop before": 1, "drop after": 2, "slow": 2},
}
SECONDS_TO_MOVE = 120
LONG_AGO = "2020-01-01T00:00Z"


class SoakServer(UnrulyServer):
    """Misbehaves by chance, and gives each message that it takes a number."""

    def __init__(self, seed):
        super().__init__()
        self._random = random.Random(seed)
        self._moved = threading.Condition(self.lock)
        self.plan = self

    def get(self, recipient, _default):
        """The plan for one recipient, "" before it is known."""
        if recipient == REFUSED:
            return [("rcpt", "550 5.7.1 not from you")]
        if recipient and not recipient.endswith("@council.example"):
            return []  # the writers' own mails: Django's backend, and another matter
        return [(step, lambda step=step: self._mishap(step)) for step in MISHAPS]

    def take(self, sender, recipient, content):
        with self._moved:
            words = f"250 2.0.0 queued as {len(self.taken)}."
            self.taken.append((sender, recipient, content, words))
            self._moved.notify_all()
        return words

    def wait_for(self, number):
        """Wait a second for this many messages to be taken; whether they were."""
        with self._moved:
            return self._moved.wait_for(lambda: len(self.taken) >= number, 1)

    def _mishap(self, step):
        with self.lock:
            chance = self._random.uniform(0, 100)
        for what, share in MISHAPS[step].items():
            chance -= share
            if chance < 0:
                return self._slow() if what == "slow" else what
        return None

    def _slow(self):
        # A relay that takes its time; nobody waits for this by the clock.
        threading.Event().wait(SLOW_SECONDS)


class Soak:
    """`start_worker` starts a worker process that ends when nothing is left to do.

    Two work at a time while they are killed, and so many `afterwards`.
    """

    def __init__(self, relay, start_worker, *, letters, kills, afterwards=2):
        self.relay = relay
        self.start_worker = start_worker
        self.letters = letters
        self.kills = kills
        self.afterwards = afterwards
        self.killed = self.rounds = 0

    def run(self):
        """Send everything; returns how many deliveries ended in which state."""
        self.write_letters()
        workers = [self.start_worker(), self.start_worker()]
        for number in range(1, self.kills + 1):
            # By then at most 6 in 8 of them are taken at the first try.
            self.work_until(
                self.letters * RECIPIENTS * number // (self.kills + 1) // 2, workers
            )
            # One of them, then both, and so on.
            for index in (0, 1) if number % 2 == 0 else (number // 2 % 2,):
                workers[index].kill()
                workers[index].wait()
                self.as_if_leases_were_over()
                workers[index] = self.start_worker()
                self.killed += 1
        while self.is_unfinished(workers):
            self.rounds += 1
            self.as_if_time_had_passed()
            workers = [self.start_worker() for _ in range(self.afterwards)]
        return self.compare()

    def work_until(self, number, workers):
        """Until so many are taken; a worker ends when a relay like this is too bad."""
        give_up = time.monotonic() + SECONDS_TO_MOVE
        while not self.relay.wait_for(number) and time.monotonic() < give_up:
            for index, worker in enumerate(workers):
                if worker.poll() is not None:
                    workers[index] = self.start_worker()

    def write_letters(self):
        """As many letters by as many writers, confirmed."""
        from letters.models import Letter
        from tests.factories import make_letter, make_recipients

        suggested = make_letter(recipients=make_recipients(RECIPIENTS))
        for number in range(self.letters):
            Letter.objects.write(
                suggested,
                name=f"Writer {number}",
                place="London",
                email=f"writer{number}@mail.example",
                subject="Please help",
                text="Dear Council:\n\nPlease help.\n\nA writer, London",
                consents=[],
                language="en",
                page="/",
            ).confirm()

    def is_unfinished(self, workers):
        from procrastinate.contrib.django.models import ProcrastinateJob

        from letters.models import Delivery
        from outbox.models import OutgoingMail

        for worker in workers:
            worker.wait()
        to_do = ProcrastinateJob.objects.filter(status__in=["todo", "doing"])
        return any(
            rows.exists()
            for rows in (Delivery.objects.open(), OutgoingMail.objects.open(), to_do)
        )

    def as_if_time_had_passed(self):
        """Waits and leases are over, and the queue knows which workers are dead."""
        from django.db import connection

        from outbox.models import OutgoingMail

        OutgoingMail.objects.open().update(due_at=LONG_AGO)
        self.as_if_leases_were_over()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL, status = 'todo' "
                "WHERE status IN ('todo', 'doing')"
            )

    def as_if_leases_were_over(self):
        """Also that of the worker that lives: it has to notice."""
        from outbox.models import OutgoingMail

        claimed = OutgoingMail.objects.open().exclude(claimed_at=None)
        claimed.update(claimed_at=LONG_AGO)

    def compare(self):
        """Hold what we say beside what the relay knows; raises AssertionError."""
        from letters.models import Delivery, Letter
        from outbox.reports import mail_named_in

        taken = {}
        mails = Counter()
        for sender, recipient, content, words in self.relay.taken:
            if recipient.endswith("@council.example"):
                pk = mail_named_in(sender).about
                assert pk not in taken, f"delivery {pk} was sent twice"
                taken[pk] = words
            elif b"did not reach everybody" in content or b"did not arrive" in content:
                mails[recipient] += 1
        deliveries = Delivery.objects.select_related("mail", "recipient")
        assert len(deliveries) == self.letters * RECIPIENTS
        ends = Counter(self.end_of(d, taken.get(d.pk)) for d in deliveries)
        writers = Letter.objects.values_list(
            "confirmation__supporter__email", flat=True
        )
        assert set(mails) == set(writers), "a writer was not told of the refusal"
        return ends

    def end_of(self, delivery, words):
        """How a delivery ended; AssertionError when that is not true."""
        from outbox.models import Outcome

        if delivery.outcome == Outcome.SENT:
            assert delivery.reply == words, (delivery.pk, delivery.reply, words)
            return "handed over"
        if delivery.outcome == Outcome.REFUSED:
            assert (delivery.email, words) == (REFUSED, None), delivery.pk
            return "refused"
        assert delivery.outcome == Outcome.IN_DOUBT, (delivery.pk, delivery.state)
        return "may have arrived, and did" if words else "may have arrived, and did not"
