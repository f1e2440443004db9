"""The worker as a process of its own, from its start to the signal that ends it."""

import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection

from outbox.models import OutgoingMail
from tests.factories import make_petition, sign
from tests.wire import Wire
from tests.worker import worker_environment

pytestmark = [
    pytest.mark.real_clock,
    pytest.mark.django_db(transaction=True),
]
PATIENCE = 120  # seconds, of which a good run needs two


@pytest.fixture
def worker(relay):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=settings.ROOT,
        env=worker_environment(relay.port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


def until(is_so):
    """Wait until something is so; whether it came to be."""
    give_up = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not is_so():
        if time.monotonic() > give_up:
            return False
        pause.wait(0.02)
    return True


@pytest.mark.release
def test_a_domain_that_does_not_answer_holds_up_no_other(relay, worker):
    """Two mails to it, so that it could hold up two of those who send."""
    petition = make_petition()
    for number in (1, 2):
        slow = f"ada{number}@slow.example"
        relay.plan[slow] = [("rcpt", "silence")]
        sign(petition, email=slow)
    assert until(relay.reached.is_set)

    for number in range(5):
        sign(petition, email=f"bo{number}@mail.example")

    assert until(lambda: len(relay.taken) == 5)
    assert {domain.partition("@")[2] for domain in relay.recipients()} == {
        "mail.example"
    }


def test_a_signal_lets_it_finish_and_ends_it(relay, worker):
    sign(make_petition())
    assert until(lambda: relay.taken)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=PATIENCE) == 0
    assert OutgoingMail.objects.get().outcome == "sent"


@pytest.mark.release
def test_the_database_that_ends_its_connections_is_survived(relay, worker):
    sign(make_petition())
    assert until(lambda: relay.taken)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    sign(make_petition(slug="again"), email="bo@mail.example")

    assert until(lambda: "bo@mail.example" in relay.recipients())


@pytest.mark.release
def test_a_worker_that_ends_since_the_database_is_away_says_so(relay):
    """It ends with a fault, so that whoever watches it starts it anew and is told."""
    wire = Wire.to_the_database()
    environment = worker_environment(relay.port)
    environment["DATABASE_URL"] = wire.carrying(environment["DATABASE_URL"])
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=settings.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        sign(make_petition())
        assert until(lambda: relay.taken)
        wire.cut()
        _out, said = worker.communicate(timeout=PATIENCE)
    finally:
        worker.kill()

    assert worker.returncode == 1
    assert "The worker ends: the database was away" in said.splitlines()[-1]
    assert "Traceback" not in said
