"""The soak of bench/soak.py, with fewer letters."""

import subprocess
import sys

import pytest
from django.conf import settings

from tests.letters.soaking import Soak, SoakServer
from tests.worker import worker_environment


@pytest.fixture
def relay():
    server = SoakServer(seed=1)
    yield server
    server.stop()


@pytest.mark.release
@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_every_state_is_true_after_mishaps_and_kills(relay):
    def start_worker():
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--one-shot"],
            cwd=settings.ROOT,
            env=worker_environment(relay.port)
            | {"MAILS_A_MINUTE": "60000", "LIMIT_MAILS_TO_ADDRESS": "100"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    soak = Soak(relay, start_worker, letters=20, kills=2, afterwards=1)

    ends = soak.run()

    assert sum(ends.values()) == 160
    assert ends["refused"] == 20
    assert ends["handed over"] > 100
    assert soak.killed == 3
