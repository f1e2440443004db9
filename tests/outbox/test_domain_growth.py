"""A domain whose people confirm gets more mails; one that is only flooded does not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.dispatcher import work_through
from outbox.domain_allowance import TO_DOMAIN
from outbox.models import OutgoingMail
from petitions.models import Signature
from safeguards.counters import take
from safeguards.mailbox import MailDomain
from supporters.models import Supporter, Visit
from tests.factories import ADA, make_petition, sign

NOON = datetime(2026, 11, 5, 12, 0, 1, tzinfo=UTC)
SCHOOL = {"REMOTE_ADDR": "198.51.100.1"}


@pytest.fixture(autouse=True)
def petition(db, mailbox, time_machine):
    time_machine.move_to(NOON, tick=False)
    return make_petition()


@pytest.fixture
def work_at(work, time_machine):
    """Let so many minutes have passed since noon, and a worker send what is due."""

    def work_at(minutes):
        time_machine.move_to(NOON + timedelta(minutes=minutes), tick=False)
        work()

    return work_at


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """A block after which follows what follows a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def sign_up(client, number):
    for n in range(number):
        typed = {"name": f"Ada {n}x", "email": f"n{n}@school.example"}
        client.post("/campaign-1/signatures/", ADA | typed, **SCHOOL)


@pytest.mark.parametrize("share_that_confirms", [1, 0.7])
def test_a_school_of_200_behind_one_network_is_served_within_the_hour(
    client, mailbox, work_at, committed, share_that_confirms
):
    sign_up(client, 200)
    minute, got = 0, {}
    while len(got) < 200 and minute < 59:
        minute += 1
        work_at(minute)
        for mail in mailbox.messages:
            got.setdefault(mail["to"], minute)
        # They press the button two minutes after their mail came.
        pressing = [n for n, email in enumerate(got) if got[email] == minute - 2]
        signatures = Signature.objects.order_by("pk")
        with committed():
            for n in pressing:
                if n % 10 < 10 * share_that_confirms:
                    signatures.filter(confirmed_at=None).earliest("pk").confirm()

    assert len(got) == 200


def test_a_flood_of_a_domain_of_somebody_else_gains_nothing(
    client, mailbox, work_at, committed
):
    sign_up(client, 40)
    work_at(0)
    with committed():
        # As a scanner of mails does.
        for mail in mailbox.messages:
            text = mail.get_body(("plain",)).get_content()
            [path] = re.findall(r"http://testserver(/\S+/confirmation/)", text)
            assert client.get(path).status_code == 200

    work_at(50)

    assert len(mailbox.messages) == 15


def test_a_mailbox_counts_once_however_it_is_spelled_and_whatever_it_does(
    client, petition, mailbox, work_at, committed
):
    for n in range(3):
        email = f"ada+{n}@mail.school.example"
        signature = sign(petition, email=email)
        visit = Visit.objects.request(email, "en")
        with committed():
            signature.confirm()
            assert visit.open()
        Supporter.objects.get(email=email).erase()
    OutgoingMail.objects.all().delete()
    sign_up(client, 40)

    work_at(1)

    # One network gets a half of 30 and 4.
    assert len(mailbox.messages) == 17


def test_who_opens_my_page_lets_neighbours_be_asked(
    client, mailbox, work_at, committed
):
    sign_up(client, 40)
    visit = Visit.objects.request("ada@school.example", "en")
    work_at(0)
    with committed():
        assert visit.open()

    work_at(2)

    assert len(mailbox.messages) == 16 + 2


def test_the_page_says_that_we_may_be_late_whoever_is_asked(client, work_at):
    def page_for(email):
        text = client.post("/mine/", {"email": email}, **SCHOOL, follow=True).text
        assert "Our emails are late when many people at one school" in text
        return re.sub(r'(action|href)="[^"]+"', "", text).replace(email, "")

    Supporter.objects.create(email="known@school.example", confirmed_at=NOON)
    before = page_for("ada@other.example")
    sign_up(client, 40)
    work_at(1)
    work_at(4)
    assert OutgoingMail.objects.open().exists()

    for email in ("ada@other.example", "ada@school.example", "known@school.example"):
        assert page_for(email) == before


def test_what_waits_costs_a_worker_the_same_whether_it_is_little_or_much(db):
    take(TO_DOMAIN(MailDomain("@own.example")), 30)
    cost = {}
    for number in (30, 1000):
        OutgoingMail.objects.all().delete()
        pairs = [(n, f"x{n}@{n}.own.example") for n in range(number)]
        OutgoingMail.objects.queue_many("my_page", pairs)
        with CaptureQueriesContext(connection) as statements:
            work_through()
        cost[number] = len(statements)
        assert not OutgoingMail.objects.due().exists()

    assert cost[30] == cost[1000] < 50
    assert set(OutgoingMail.objects.values_list("tries", flat=True)) == {0}
