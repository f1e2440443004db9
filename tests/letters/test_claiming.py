"""Two workers at one delivery: a lease lets one of them do it."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from letters.models import Delivery
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, states

pytestmark = pytest.mark.django_db(transaction=True)
TO = "ward1@council.example"
LONG_AGO = "2020-01-01T00:00Z"
HANDED_OVER = "handed to our mail service: 250 2.0.0 queued as 4711"


@pytest.fixture
def letter():
    return confirmed(make_letter(recipients=make_recipients(1)))


def with_own_connection(work):
    """The same, on a connection that is closed after, for another thread."""

    def run():
        try:
            return work()
        finally:
            connection.close()

    return run


def wait_until_somebody_waits_for_a_row():
    give_up = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < give_up:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("the other worker does not wait")


def test_a_claim_that_has_waited_for_another_claim_gets_nothing(letter, relay):
    delivery = letter.deliveries.get()
    other = threading.Thread(target=with_own_connection(delivery.hand_over))

    with transaction.atomic():
        assert Delivery.objects.due().update(claimed_at=Now())
        other.start()
        wait_until_somebody_waits_for_a_row()
    other.join(10)

    assert relay.taken == []
    assert Delivery.objects.get().tries == 0


def test_a_worker_whose_lease_was_taken_over_does_not_finish_its_message(letter, relay):
    def take_over():
        Delivery.objects.update(claimed_at=Now())

    relay.plan[TO] = [("data", with_own_connection(take_over))]

    letter.deliveries.get().hand_over()

    assert relay.taken == []
    assert states(letter) == ["queued"]
    assert Delivery.objects.get().claimed_at is not None


def test_a_late_answer_that_was_read_counts_although_the_lease_was_over(letter, relay):
    def settle():
        Delivery.objects.update(claimed_at=LONG_AGO)
        Delivery.objects.get().hand_over()
        before.extend(states(letter))

    before = []
    relay.plan[TO] = [("end", with_own_connection(settle))]

    letter.deliveries.get().hand_over()

    assert before[0].startswith("may have arrived")
    assert states(letter) == [HANDED_OVER]
    assert relay.recipients() == [TO]


def test_a_stale_lease_is_taken_over(letter, relay):
    Delivery.objects.update(claimed_at=Now())
    letter.deliveries.get().hand_over()
    assert relay.taken == []

    Delivery.objects.update(claimed_at=LONG_AGO)
    letter.deliveries.get().hand_over()

    assert states(letter) == [HANDED_OVER]
    assert relay.recipients() == [TO]
