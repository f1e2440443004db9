"""A clock that jumps while letters are on their way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import Delivery
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, states, sweep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hours", [5, -5, 48, -48])
def test_a_letter_is_handed_over_once(relay, work, time_machine, hours):
    jump = timedelta(hours=hours)
    letter = confirmed(make_letter(recipients=make_recipients(2)))
    time_machine.move_to(timezone.now() + jump)
    work()
    time_machine.move_to(timezone.now() - jump)
    for _minute in range(2):
        sweep()
        work()

    assert (
        states(letter) == ["handed to our mail service: 250 2.0.0 queued as 4711"] * 2
    )
    assert sum("council" in address for address in relay.recipients()) == 2
    assert not Delivery.objects.open().exists()
