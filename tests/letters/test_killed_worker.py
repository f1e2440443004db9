"""The worker, a process of its own, killed (-9) at every step of a delivery."""

import subprocess
import sys
import time

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from letters.models import Delivery, Letter
from letters.recipients.office_hours import OfficeHours
from outbox.dispatcher import collect
from outbox.models import OutgoingMail
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, due_again, states, unchanged
from tests.worker import worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
TO = "ward1@council.example"
HANDED_OVER = "handed to our mail service: 250"
MAY_HAVE_ARRIVED = "may have arrived"
LONG_AGO = "2020-01-01T00:00Z"
ENDS = "--one-shot"  # when nothing is left to do
SECONDS = 300  # for a process to start, on a machine that does other things


@pytest.fixture(autouse=True)
def letter():
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    OutgoingMail.objects.all().delete()  # no mails to its writer
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return letter


class RowLock:
    """Holds a row, so that a worker comes to a stop at its next step there."""

    def __init__(self):
        self._connection = psycopg.connect(worker_environment(0)["DATABASE_URL"])

    def take(self, model):
        self._connection.execute(f"SELECT FROM {model._meta.db_table} FOR UPDATE")

    def wait_for_who_waits(self):
        """The backend of the worker that waits for this row."""
        give_up = time.monotonic() + SECONDS
        holder = self._connection.info.backend_pid
        with connection.cursor() as cursor:
            while time.monotonic() < give_up:
                cursor.execute(
                    "SELECT pid FROM pg_locks WHERE %s = ANY(pg_blocking_pids(pid))",
                    [holder],
                )
                if found := cursor.fetchone():
                    return found[0]
        raise AssertionError("the worker does not come to this row")

    def let_go(self, backend=None):
        """Open the row; the statement that waits for it dies with its worker."""
        if backend:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        self._connection.close()


@pytest.fixture
def row():
    lock = RowLock()
    yield lock
    lock.let_go()


# The process of a worker has the clock of the machine, at which offices may be closed.
OPEN_OFFICES = """
import runpy, sys
from letters.recipients.office_hours import OfficeHours
OfficeHours.next_open = lambda self, moment: moment
sys.argv = ["manage.py", *sys.argv[1:]]
runpy.run_path("manage.py", run_name="__main__")
"""


class Workers:
    def __init__(self, relay, work):
        self.relay, self._work = relay, work
        self.started = []

    def start(self, *options):
        command = [sys.executable, "-c", OPEN_OFFICES, "worker", *options]
        worker = subprocess.Popen(
            command,
            cwd=settings.ROOT,
            # Whoever is killed does not give back what it was granted.
            env=worker_environment(self.relay.port)
            | {"MAILS_A_MINUTE": str(settings.MAILS_A_MINUTE)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.started.append(worker)
        return worker

    def kill(self):
        for worker in self.started:
            worker.kill()
            worker.wait()

    def hand_on(self):
        """The lease is over: others may try, and the relay is well again."""
        self.relay.plan.clear()
        self.relay.greeting = "220 unruly ESMTP"
        self.relay.reached.clear()
        claimed = OutgoingMail.objects.open().exclude(claimed_at=None)
        claimed.update(claimed_at=LONG_AGO)
        due_again()

    def carry_on(self):
        """The process of the tests does what is left, as another worker would."""
        self.hand_on()
        self._work()
        assert not ProcrastinateJob.objects.filter(status="todo").exists()
        assert not OutgoingMail.objects.due().exists()


@pytest.fixture
def workers(relay, work, settings, monkeypatch):
    settings.MAILS_A_MINUTE = 60_000
    monkeypatch.setattr(OfficeHours, "next_open", lambda _self, moment: moment)
    workers = Workers(relay, work)
    yield workers
    workers.kill()


@pytest.mark.release
def test_workers_killed_one_after_the_other_lose_and_double_nothing(relay, workers):
    """Each one step further, and none at the end."""
    for who, step in (
        ("", "greeting"),
        ("", "ehlo"),
        ("", "mail"),
        (TO, "rcpt"),
        (TO, "data"),
    ):
        if step == "greeting":
            relay.greeting = "silence"
        relay.plan[who] = [(step, "silence")]
        workers.start(ENDS)
        assert relay.reached.wait(SECONDS)
        workers.kill()
        workers.hand_on()

    workers.carry_on()

    assert states(Letter.objects.get())[0].startswith(HANDED_OVER)
    assert relay.recipients() == [TO]
    assert not Delivery.objects.open().exists()


@pytest.mark.parametrize(
    ("step", "ends_as"),
    [
        # The relay had everything: it took it, and nobody heard the answer.
        ("end", MAY_HAVE_ARRIVED),
        # The answer was read, and written down before anything else.
        ("quit", HANDED_OVER),
    ],
)
def test_a_worker_killed_at_the_end_of_the_conversation_loses_and_doubles_nothing(
    relay, workers, step, ends_as
):
    relay.plan[TO] = [(step, "silence")]
    workers.start(ENDS)
    assert relay.reached.wait(SECONDS)

    workers.kill()
    workers.carry_on()

    assert states(Letter.objects.get())[0].startswith(ends_as)
    assert relay.recipients().count(TO) == 1
    assert not Delivery.objects.open().exists()


@pytest.mark.release
@pytest.mark.parametrize(
    ("step", "ends_as"), [("data", HANDED_OVER), ("end", MAY_HAVE_ARRIVED)]
)
def test_a_worker_killed_with_several_letters_in_one_mail_loses_and_doubles_none(
    relay, workers, letter, step, ends_as
):
    Letter.objects.all().delete()
    letters = [unchanged(letter.suggested_letter, name) for name in ("Ada", "Bo")]
    OutgoingMail.objects.all().delete()
    collect()
    due_again()
    relay.plan[TO] = [(step, "silence")]
    workers.start(ENDS)
    assert relay.reached.wait(SECONDS)

    workers.kill()
    workers.carry_on()

    for each in letters:
        assert states(each)[0].startswith(ends_as)
    assert relay.recipients().count(TO) == 1
    assert not Delivery.objects.open().exists()


@pytest.mark.release
@pytest.mark.parametrize(
    ("step", "ends_as"),
    [
        # It is claimed, and all is sent but the final dot.
        ("claim", HANDED_OVER),
        ("data", HANDED_OVER),
        # The answer was read, and has not been written down.
        ("end", MAY_HAVE_ARRIVED),
    ],
)
def test_a_worker_killed_before_it_has_written_down_loses_and_doubles_nothing(
    relay, row, workers, step, ends_as
):
    collect()
    if step == "claim":
        row.take(Delivery)
    relay.plan[TO] = [(step, lambda: row.take(Delivery))]
    workers.start(ENDS)
    backend = row.wait_for_who_waits()

    workers.kill()
    row.let_go(backend)
    workers.carry_on()

    assert states(Letter.objects.get())[0].startswith(ends_as)
    assert relay.recipients() == [TO]


@pytest.mark.release
def test_a_worker_killed_before_it_has_told_the_writer_leaves_that_to_the_next(
    relay, row, workers
):
    """The refusal is noted, and the writer's mail queued, in one transaction."""

    def refuse():
        row.take(Letter)
        return "550 5.7.1 not you"

    relay.plan[TO] = [("rcpt", refuse)]
    workers.start(ENDS)
    backend = row.wait_for_who_waits()
    assert states(Letter.objects.get()) == ["queued"]

    workers.kill()
    row.let_go(backend)
    workers.hand_on()
    relay.plan[TO] = [("rcpt", "550 5.7.1 not you")]
    workers.start(ENDS).wait(SECONDS)
    workers.carry_on()
    assert states(Letter.objects.get()) == ["refused: 550 5.7.1 not you"]

    [(_sender, to, _content, mail)] = relay.taken
    assert to == "ada@mail.example"
    assert mail["Subject"] == "Your letter did not arrive"


def test_a_worker_that_is_asked_to_stop_finishes_the_letter_in_its_hands(
    relay, row, workers
):
    """As `systemctl restart` ends it, for new code."""
    relay.plan[TO] = [("end", lambda: row.take(Delivery))]
    worker = workers.start()
    row.wait_for_who_waits()

    worker.terminate()
    row.let_go()

    assert worker.wait(SECONDS) == 0
    assert states(Letter.objects.get())[0].startswith(HANDED_OVER)
    assert relay.recipients() == [TO]
