"""How fast updates are mailed, by how many workers, and in how many mails."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import rates
from outbox import relay as posting
from outbox.claiming import claim
from outbox.dispatcher import work_through
from outbox.models import OutgoingMail
from outbox.purposes import BULK, purpose_named
from safeguards.counters import Counter
from supporters.models import Mailing
from tests.factories import make_campaign, make_follow, make_update
from tests.supporters.questions import no_questions
from tests.supporters.test_mailing import ADA, BO, WEDNESDAY, numbers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings):
    settings.MAILS_A_MINUTE = 10**6


@pytest.fixture
def campaign():
    return make_campaign()


def test_what_waits_is_tried_again_and_not_for_ever(campaign, relay, post):
    make_follow(campaign)
    relay.plan[ADA] = [("rcpt", "450 4.2.1 later")]
    mailing = post(make_update(campaign))
    mail = OutgoingMail.objects.get(purpose="update")
    assert mail.due_at > timezone.now() + timedelta(minutes=4)

    long_ago = timezone.now() - BULK.for_long
    OutgoingMail.objects.update(queued_at=long_ago)
    for _ in range(BULK.fewest_tries - 1):
        assert numbers(mailing) == {"waiting": 1}
        OutgoingMail.objects.open().update(due_at=timezone.now())
        post()

    assert numbers(mailing) == {"given_up": 1}
    mail.refresh_from_db()
    assert mail.tries == BULK.fewest_tries


def test_one_connection_serves_a_batch(campaign, relay, post, monkeypatch):
    for n in range(5):
        make_follow(campaign, f"person{n}@mail.example")
    opened = []
    connect = posting._connect
    monkeypatch.setattr(posting, "_connect", lambda: opened.append(1) or connect())

    post(make_update(campaign))

    assert len(relay.taken) == 5
    assert len(opened) == 1


def test_a_rate_is_kept_over_all_workers(time_machine, settings):
    settings.MAILS_A_MINUTE = 600
    time_machine.move_to(WEDNESDAY, tick=False)

    assert rates.allowed(BULK.lane, 50) == 50
    assert rates.allowed(BULK.lane, 50) == 10
    assert rates.allowed(BULK.lane, 50) == 0
    rates.give_back(BULK.lane, 90)
    assert rates.allowed(BULK.lane, 50) == 0
    time_machine.shift(6)
    assert rates.allowed(BULK.lane, 50) == 50
    rates.give_back(BULK.lane, 20)
    assert rates.allowed(BULK.lane, 50) == 30


def test_at_a_low_rate_the_rest_waits(campaign, mailbox, settings, monkeypatch):
    settings.MAILS_A_MINUTE = 20  # two in six seconds
    monkeypatch.setattr(Counter, "key_now", b"one window")
    for n in range(5):
        make_follow(campaign, f"person{n}@mail.example")
    no_questions()
    mailing = Mailing.objects.send(make_update(campaign), by=None)
    mailing.queue()

    assert work_through() == 2

    assert numbers(mailing) == {"sent": 2, "waiting": 3}


def test_no_more_mails_are_made_than_leave_soon(campaign):
    for n in range(5):
        make_follow(campaign, f"person{n}@mail.example")
    no_questions()
    Mailing.objects.send(make_update(campaign), by=None).queue()
    collect, mails = purpose_named("update").collect, OutgoingMail.objects.open()

    collect(3)
    collect(3)
    assert mails.count() == 3
    mails.filter(pk=mails.first().pk).update(claimed_at=timezone.now())
    collect(3)
    assert mails.count() == 4


def test_what_is_due_meanwhile_leaves_in_the_mail_that_waits(
    campaign, mailbox, post, settings
):
    make_follow(campaign)
    settings.MAILS_A_MINUTE = 0
    first = post(make_update(campaign, "First"))
    second = post(make_update(campaign, "Second"))

    settings.MAILS_A_MINUTE = 600
    post()

    [mail] = mailbox.messages
    assert mail["Subject"] == "2 updates: First"
    assert numbers(first) == numbers(second) == {"sent": 1}


def test_a_worker_takes_over_what_a_dead_one_left(campaign, mailbox, post):
    make_follow(campaign)
    make_follow(campaign, BO)
    mailing = Mailing.objects.send(make_update(campaign), by=None)
    mailing.queue()
    purpose_named("update").collect(10)
    mails = OutgoingMail.objects.filter(purpose="update")
    assert len(claim(BULK.lane, 10, is_bulk=True)) == 2
    mails.filter(email=BO).update(dot_at=timezone.now())

    post()
    assert numbers(mailing) == {"waiting": 2}
    mails.update(claimed_at="2020-01-01T00:00Z")
    post()

    assert [message["To"] for message in mailbox.messages] == [ADA]
    assert numbers(mailing) == {"sent": 1, "in_doubt": 1}
