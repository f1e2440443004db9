"""Two workers at one delivery: a lease lets one of them do it."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from letters.models import Delivery, Recipient
from outbox.dispatcher import collect, work_through
from outbox.models import Outcome, OutgoingMail
from tests.concurrency import wait_until_somebody_waits_for_a_row
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, due_again, states

pytestmark = pytest.mark.django_db(transaction=True)
TO = "ward1@council.example"
LONG_AGO = "2020-01-01T00:00Z"
HANDED_OVER = "handed to our mail service: 250 2.0.0 queued as 4711"


@pytest.fixture
def letter():
    """A letter to one official; its writer's mails are not sent."""
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    OutgoingMail.objects.all().delete()
    return letter


def with_own_connection(work):
    """The same, on a connection that is closed after, for another thread."""

    def run():
        try:
            return work()
        finally:
            connection.close()

    return run


def test_workers_at_once_send_each_delivery_once(relay, settings):
    """Letters that go alone, and one mail in which several go together."""
    settings.MAILS_A_MINUTE = 10**6
    suggested = make_letter(recipients=make_recipients(4))
    Recipient.objects.filter(email=TO).update(rhythm="daily")
    names = ("Ada", "Bo", "Cy")
    for name in names:
        confirmed(suggested, name=name, email=f"{name}@mail.example".lower())
    collect()
    due_again()
    relay.plan[TO] = [("end", wait_a_moment)]

    workers = [
        threading.Thread(target=with_own_connection(work_through)) for _n in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    # What the three have left to each other, on a machine that does other things.
    due_again()
    work_through()

    outcomes = set(Delivery.objects.values_list("outcome", "mail__reply"))
    assert {outcome for outcome, _reply in outcomes} == {Outcome.SENT}, outcomes
    to_officials = Counter(r for r in relay.recipients() if "council" in r)
    assert to_officials == {
        TO: 1,
        **{f"ward{n}@council.example": len(names) for n in (2, 3, 4)},
    }


def wait_a_moment():
    """Until another worker has looked whether it may send this, too."""
    collect_in_another = threading.Thread(target=with_own_connection(work_through))
    collect_in_another.start()
    collect_in_another.join(300)


def test_a_worker_whose_lease_was_taken_over_does_not_finish_its_message(letter, relay):
    def take_over():
        OutgoingMail.objects.open().update(claimed_at=Now())

    relay.plan[TO] = [("data", with_own_connection(take_over))]

    work_through()

    assert relay.taken == []
    assert states(letter) == ["queued"]
    assert Delivery.objects.get().mail.claimed_at is not None


def test_a_late_answer_that_was_read_counts_although_the_lease_was_over(letter, relay):
    def settle():
        OutgoingMail.objects.open().update(claimed_at=LONG_AGO)
        work_through()
        before.extend(states(letter))

    before = []
    relay.plan[TO] = [("end", with_own_connection(settle))]

    work_through()

    assert before[0].startswith("may have arrived")
    assert states(letter) == [HANDED_OVER]
    assert relay.recipients() == [TO]


def test_a_stale_lease_is_taken_over(letter, relay):
    collect()
    OutgoingMail.objects.update(claimed_at=Now())
    work_through()
    assert relay.taken == []

    OutgoingMail.objects.update(claimed_at=LONG_AGO)
    work_through()

    assert states(letter) == [HANDED_OVER]
    assert relay.recipients() == [TO]


@pytest.mark.parametrize("what", ["stop", "wait anew"])
def test_what_changes_while_the_last_dot_is_marked_comes_too_late(letter, relay, what):
    """Who waits for the row of a delivery sees what was marked meanwhile."""
    delivery = letter.deliveries.get()
    collect()
    changes = {
        "stop": delivery.stop,
        "wait anew": Delivery.objects.filter(pk=delivery.pk).wait_anew,
    }
    done = []
    other = threading.Thread(
        target=with_own_connection(lambda: done.append(changes[what]()))
    )
    with transaction.atomic():
        letter.lock()
        Delivery.objects.all().lock()
        other.start()
        wait_until_somebody_waits_for_a_row()
        OutgoingMail.objects.open().update(claimed_at=Now(), dot_at=Now())
    other.join(300)

    assert not done[0]
    assert Delivery.objects.get().mail.dot_at
    assert states(letter) == ["queued"]
