"""A domain whose people confirm gets more mails; one that is only flooded does not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbox.dispatcher import work_through
from outbox.domain_allowance import TO_DOMAIN
from outbox.models import OutgoingMail
from petitions.models import Signature
from safeguards.counters import count, take
from safeguards.mailbox import MailDomain
from supporters.models import Supporter, Visit
from tests.factories import ADA, make_petition, sign

NOON = datetime(2026, 11, 5, 12, 0, 1, tzinfo=UTC)
SCHOOL = {"REMOTE_ADDR": "198.51.100.1"}


@pytest.fixture
def petition(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return make_petition()


@pytest.fixture
def confirm(django_capture_on_commit_callbacks):
    """Confirm the newest signature of an address, as the button in its mail does."""

    def confirm(email):
        signature = Signature.objects.filter(confirmation__supporter__email=email)
        with django_capture_on_commit_callbacks(execute=True):
            signature.latest("pk").confirm()

    return confirm


def sign_up(client, number):
    for n in range(number):
        typed = {"name": f"Ada {n}x", "email": f"n{n}@school.example"}
        client.post("/campaign-1/signatures/", ADA | typed, **SCHOOL)


def ask(client, number):
    for n in range(number):
        client.post("/mine/", {"email": f"{n}@school.example"}, **SCHOOL)


@pytest.mark.parametrize("confirming", [1, 0.7])
def test_a_school_of_200_behind_one_network_is_served_within_the_hour(
    petition, mailbox, work, confirm, time_machine, client, confirming
):
    sign_up(client, 200)
    minutes, got = 0, {}
    while len(got) < 200 and minutes < 60:
        work()
        for mail in mailbox.messages:
            got.setdefault(mail["to"], minutes)
        # Each reads their mail within two minutes.
        for n, (email, minute) in enumerate(got.items()):
            if minute == minutes - 2 and n % 10 < 10 * confirming:
                confirm(email)
        minutes += 1
        time_machine.move_to(NOON + timedelta(minutes=minutes), tick=False)

    assert len(got) == 200


def test_a_flood_of_a_domain_of_somebody_else_gains_nothing(
    client, petition, mailbox, work, time_machine, django_capture_on_commit_callbacks
):
    sign_up(client, 40)
    work()
    with django_capture_on_commit_callbacks(execute=True):
        # As a scanner of mails does.
        for mail in mailbox.messages:
            text = mail.get_body(("plain",)).get_content()
            [path] = re.findall(r"http://testserver(/\S+/confirmation/)", text)
            assert client.get(path).status_code == 200

    time_machine.move_to(NOON + timedelta(minutes=50), tick=False)
    work()

    assert len(mailbox.messages) == 15


def test_a_mailbox_counts_once_however_it_is_spelled_and_whatever_it_does(
    client, petition, mailbox, work, confirm, django_capture_on_commit_callbacks
):
    for n in range(3):
        email = f"ada+{n}@mail.school.example"
        sign(petition, email=email)
        confirm(email)
        visit = Visit.objects.request(email, "en")
        Visit.objects.filter(pk=visit.pk).update(mail_key="k", issue=1)
        with django_capture_on_commit_callbacks(execute=True):
            visit.open()
        Supporter.objects.get(email=email).erase()
    OutgoingMail.objects.all().delete()
    ask(client, 40)

    work()

    # Half of 30 and of 4 for one network.
    assert len(mailbox.messages) == 17


def test_who_confirms_by_my_page_lets_neighbours_be_asked(
    client, petition, mailbox, work, django_capture_on_commit_callbacks, time_machine
):
    ask(client, 40)
    work()
    [visit] = Visit.objects.filter(supporter__email="0@school.example")
    with django_capture_on_commit_callbacks(execute=True):
        assert visit.open()

    time_machine.move_to(NOON + timedelta(minutes=2), tick=False)
    work()

    assert len(mailbox.messages) == 17


def test_what_waits_costs_a_worker_the_same_whether_it_is_little_or_much(
    petition, mailbox, time_machine
):
    take(TO_DOMAIN(MailDomain("@own.example")), 30)
    cost = {}
    for number in (30, 1000):
        pairs = [(n, f"x{n}@{n}.own.example") for n in range(number)]
        OutgoingMail.objects.all().delete()
        OutgoingMail.objects.queue_many("my_page", pairs)
        with CaptureQueriesContext(connection) as statements:
            work_through()
        cost[number] = len(statements)
        assert not OutgoingMail.objects.due().exists()

    assert cost[30] == cost[1000] < 60
    assert set(OutgoingMail.objects.values_list("tries", flat=True)) == {0}


def test_what_was_taken_before_a_window_ended_is_given_back_to_it(
    petition, mailbox, work, client, time_machine
):
    counter = TO_DOMAIN(MailDomain("@own.example"))
    take(counter, 30)
    time_machine.move_to(NOON + timedelta(minutes=2), tick=False)
    take(counter, -30)

    assert count(TO_DOMAIN(MailDomain("@own.example"))) == 0
    assert timezone.now() > counter[0].window_end
