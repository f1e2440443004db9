from datetime import UTC, datetime

import pytest

from letters.models import Delivery
from tests.factories import make_campaign, make_letter, make_recipients
from tests.letters.makers import NOON, sweep, wednesday_after


@pytest.fixture
def suggested(time_machine):
    """A letter to one official, on a day of 2030; some files have another one."""
    time_machine.move_to(NOON, tick=False)
    # The database's clock does not move along.
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    campaign = make_campaign(opens_at=long_ago, published_at=long_ago)
    return make_letter(campaign, recipients=make_recipients(1))


@pytest.fixture
def move_to(time_machine, work):
    """Let it be this time, and the worker do what is due."""

    def move_to(moment):
        time_machine.move_to(moment, tick=False)
        sweep()
        work()

    return move_to


@pytest.fixture
def leave(mailbox, move_to):
    """Let what waits leave; what was mailed before is away."""

    def leave():
        mailbox.clear()
        move_to(wednesday_after(Delivery.objects.first().queued_at))

    return leave
