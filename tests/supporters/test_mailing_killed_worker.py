"""The worker, a process of its own, killed (-9) in the middle of an update."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from supporters.follow import tasks
from supporters.models import Copy, Mailing
from tests.factories import make_campaign, make_follow, make_update
from tests.worker import worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
FOLLOWERS = [f"person{n}@mail.example" for n in range(30)]
IN_THE_MIDDLE = FOLLOWERS[14]


def start_worker(relay):
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=settings.ROOT,
        env=worker_environment(relay.port) | {"FOLLOW_MAILS_A_MINUTE": "1000000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def mailing():
    """An update to thirty followers, whose rows are written; one job sends."""
    campaign = make_campaign()
    for email in FOLLOWERS:
        make_follow(campaign, email)
    mailing = Mailing.objects.send(make_update(campaign), by=None)
    mailing.queue()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    tasks.start_sender(0)
    return mailing


@pytest.mark.parametrize(
    ("step", "handed_over", "may_have_arrived"),
    [
        ("rcpt", 30, 0),
        ("data", 30, 0),
        # The relay had everything: it took it, and nobody heard the answer.
        ("end", 29, 1),
    ],
)
def test_everyone_gets_it_once_whenever_the_worker_is_killed(
    relay, mailing, step, handed_over, may_have_arrived
):
    relay.plan[IN_THE_MIDDLE] = [(step, "silence")]
    worker = start_worker(relay)
    assert relay.reached.wait(30)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    before = len(relay.taken)
    relay.plan.clear()

    with connection.cursor() as cursor:  # what retry_stalled does after a while
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'doing'"
        )
    tasks.start_sender(0)
    Copy.objects.open().exclude(claimed_at=None).update(
        claimed_at="2020-01-01T00:00Z"  # the lease is over
    )
    assert start_worker(relay).wait(60) == 0

    assert 0 < before < len(FOLLOWERS)
    assert sorted(relay.recipients()) == sorted(FOLLOWERS)
    numbers = mailing.numbers()
    print(f"killed at {step}: {numbers}")
    assert numbers["handed_over"] == handed_over
    assert numbers["may_have_arrived"] == may_have_arrived
    assert numbers["waiting"] == 0
