"""The worker, a process of its own, killed (-9) in the middle of an update."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from outbox.models import OutgoingMail
from supporters.models import Mailing
from tests.factories import make_campaign, make_follow, make_update
from tests.worker import worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
FOLLOWERS = [f"person{n}@mail.example" for n in range(30)]
IN_THE_MIDDLE = FOLLOWERS[14]


def start_worker(relay):
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--one-shot"],
        cwd=settings.ROOT,
        env=worker_environment(relay.port) | {"MAILS_A_MINUTE": "1000000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def mailing():
    """An update to thirty followers, whose items are written."""
    campaign = make_campaign()
    for email in FOLLOWERS:
        make_follow(campaign, email)
    mailing = Mailing.objects.send(make_update(campaign), by=None)
    mailing.queue()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    OutgoingMail.objects.all().delete()  # the questions
    return mailing


@pytest.mark.release
@pytest.mark.parametrize(
    ("step", "sent", "in_doubt"),
    [
        ("rcpt", 30, 0),
        ("data", 30, 0),
        # The relay had everything: it took it, and nobody heard the answer.
        ("end", 29, 1),
    ],
)
def test_everyone_gets_it_once_whenever_the_worker_is_killed(
    relay, mailing, step, sent, in_doubt
):
    relay.plan[IN_THE_MIDDLE] = [(step, "silence")]
    worker = start_worker(relay)
    assert relay.reached.wait(300)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    before = len(relay.taken)
    relay.plan.clear()

    OutgoingMail.objects.exclude(claimed_at=None).update(
        claimed_at="2020-01-01T00:00Z"  # the lease is over
    )
    assert start_worker(relay).wait(300) == 0

    assert 0 < before < len(FOLLOWERS)
    assert sorted(relay.recipients()) == sorted(FOLLOWERS)
    numbers = mailing.numbers()
    print(f"killed at {step}: {numbers}")
    assert numbers["sent"] == sent
    assert numbers["in_doubt"] == in_doubt
    assert numbers["waiting"] == 0
