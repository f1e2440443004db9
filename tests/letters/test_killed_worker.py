"""The worker, a process of its own, killed (-9) at every step of a delivery."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from letters.models import Delivery
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, states, sweep
from tests.worker import worker_environment

pytestmark = pytest.mark.django_db(transaction=True)
TO = "ward1@council.example"


def start_worker(relay):
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=settings.ROOT,
        env=worker_environment(relay.port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    ("who", "step", "ends_as", "copies"),
    [
        ("", "mail", "handed to our mail service: 250", 1),
        (TO, "rcpt", "handed to our mail service: 250", 1),
        (TO, "data", "handed to our mail service: 250", 1),
        # The relay had everything: it took it, and nobody heard the answer.
        (TO, "end", "may have arrived", 1),
    ],
)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    relay, who, step, ends_as, copies
):
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    with connection.cursor() as cursor:  # only the letter: no mails to its writer
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name NOT LIKE %s",
            ["letters.tasks.hand_over"],
        )
    relay.plan[who] = [(step, "silence")]
    worker = start_worker(relay)
    assert relay.reached.wait(20)

    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    relay.plan.clear()
    Delivery.objects.update(claimed_at="2020-01-01T00:00Z")  # its lease is over
    sweep()
    assert start_worker(relay).wait(30) == 0

    assert states(letter)[0].startswith(ends_as)
    assert relay.recipients().count(TO) == copies
    assert not Delivery.objects.open().exists()
