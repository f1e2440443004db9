"""Mails to one mail domain, whoever typed its addresses, and who need not wait."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.utils import timezone

from letters.models import SuggestedLetter
from outbox.models import Outcome, OutgoingMail
from outbox.purposes import all_purposes
from safeguards.blocks import Block
from safeguards.counters import EVERYBODY, HOUR, Limit, take_fairly
from safeguards.network import Network
from supporters.models import Supporter
from tests.comments.test_writing import TYPED as COMMENT
from tests.factories import ADA, make_letter, make_petition, make_recipients
from tests.letters.test_sending import form
from tests.supporters.test_notices import TYPED as NOTICE

NEARLY_ONE = datetime(2026, 11, 5, 12, 59, 40, tzinfo=UTC)
HOURLY = timedelta(hours=1)
NOON = datetime(2026, 11, 5, 12, 0, 1, tzinfo=UTC)
SIGN = "/campaign-1/signatures/"
WHOLE = Limit("whole", of=type(EVERYBODY), window=HOUR, setting="LIMIT_MAILS_TO_DOMAIN")
PART = Limit("part", of=Network, window=HOUR, setting="LIMIT_MAILS_TO_DOMAIN")


@pytest.fixture
def petition(db, settings, time_machine):
    time_machine.move_to(NOON, tick=False)
    settings.LIMIT_MAILS_TO_DOMAIN = 12
    return make_petition()


def sign(client, email, network=1, **typed):
    peer = f"2001:db8:{network:x}::1"
    return client.post(SIGN, ADA | typed | {"email": email}, REMOTE_ADDR=peer)


def flood(client, networks, times=12, domain="own.example"):
    for n in range(times):
        for network in networks:
            sign(client, f"x{n}.{network}@{domain}", network)


def ask_by_every_form(client, name, peer):
    """Send each form of strangers, each with another address of the domain."""

    def post(path, kind, typed):
        email = {"email": f"{kind}{name}@{kind}.own.example"}
        client.post(path, {**typed, **email}, REMOTE_ADDR=peer)

    letter = form(SuggestedLetter.objects.get())
    post("/mine/", "mine", {})
    post(SIGN, "sign", ADA)
    post("/campaign-1/follows/", "follow", {"frequency": "weekly"})
    post("/campaign-1/letter/", "letter", letter)
    post("/campaign-1/comments/", "comment", COMMENT | {"wants_news": "on"})
    post("/notices/", "notice", NOTICE)


def addressees(mailbox):
    return [mail["to"] for mail in mailbox.messages]


def test_a_flood_of_all_kinds_gets_no_more_when_the_hour_ends(
    client, petition, mailbox, work, time_machine
):
    make_letter(petition.campaign)
    time_machine.move_to(NEARLY_ONE, tick=False)
    for n, network in product(range(6), range(4)):
        ask_by_every_form(client, f"{n}-{network}", f"2001:db8:{network:x}::1")

    work()
    in_first_hour = len(mailbox.messages)
    time_machine.move_to(NEARLY_ONE + timedelta(seconds=35), tick=False)
    work()

    assert OutgoingMail.objects.values("purpose").distinct().count() == 7  # an alert
    assert 8 <= in_first_hour == len(mailbox.messages) <= 12


def test_no_hour_brings_a_catch_all_domain_more_and_all_of_it_comes(
    client, petition, mailbox, work, time_machine
):
    time_machine.move_to(NEARLY_ONE, tick=False)
    flood(client, range(4), times=10)
    came = []
    while OutgoingMail.objects.open().exists():
        work()
        moment = timezone.now()
        came += [moment] * (len(mailbox.messages) - len(came))
        time_machine.move_to(moment + timedelta(minutes=1), tick=False)

    assert max(sum(at <= b < at + HOURLY for b in came) for at in came) <= 12
    assert len(set(addressees(mailbox))) == 40
    assert set(OutgoingMail.objects.values_list("outcome", flat=True)) == {Outcome.SENT}


def test_a_flood_from_many_networks_gets_no_more_than_the_hour_s_mails(
    client, petition, mailbox, work
):
    flood(client, range(24), times=1)

    work()

    assert len(mailbox.messages) == 12


def test_a_newcomer_from_another_network_is_asked_at_once_in_a_flood(
    client, petition, mailbox, work
):
    flood(client, range(5), times=30)
    work()

    sign(client, "honest@own.example", network=99)
    work()

    assert addressees(mailbox)[-1] == "honest@own.example"
    assert not petition.signatures.held().exists()


def test_all_purposes_and_all_names_below_the_domain_share_one_allowance(
    client, petition, mailbox, work
):
    official = make_recipients(1).recipients.get()
    official.email = "mayor@own.example"
    official.save()
    peer = {"REMOTE_ADDR": "198.51.100.1"}
    for n in range(12):
        client.post("/mine/", {"email": f"n{n}@{n}.own.example"}, **peer)
        typed = {"email": f"f{n}@own.example", "frequency": "weekly"}
        client.post("/campaign-1/follows/", typed, **peer)
    client.post(official.page_url.removeprefix("http://testserver"), **peer)

    work()

    # One network alone gets a half.
    assert len(mailbox.messages) == 6
    assert OutgoingMail.objects.open().count() == 19


def test_every_mail_that_a_form_of_strangers_causes_is_counted():
    counted = {n for n, kind in all_purposes().items() if kind.is_counted_by_domain}
    limited = {n for n, kind in all_purposes().items() if kind.allowance}

    assert limited - counted == {"invitation", "password_reset"}
    assert {"signature_question", "my_page", "official_page"} <= counted
    assert {"notice_received", "comment_question", "letter_question"} <= counted
    assert "reply_explained" in counted


def test_who_has_confirmed_the_address_does_not_wait_and_takes_nothing(
    client, petition, mailbox, work
):
    known = [f"k{n}@own.example" for n in range(13)]
    Supporter.objects.bulk_create(
        Supporter(email=email, confirmed_at=timezone.now()) for email in known
    )
    for email in known:
        sign(client, email)
    flood(client, [1])

    work()

    assert addressees(mailbox)[:13] == known
    assert len(mailbox.messages) == 13 + 6


@pytest.mark.parametrize("domain", ["gmail.com", "school.example"])
def test_shared_and_allowed_domains_do_not_wait(
    client, petition, mailbox, work, domain
):
    Block.objects.create(kind="allowed address", value="school.example")
    flood(client, [1], domain=domain)

    work()

    assert len(mailbox.messages) == 12


def test_what_was_not_sent_is_given_back(client, petition, mailbox, work, time_machine):
    for n in range(6):
        mailbox.refuse(f"x{n}.1@own.example", "451 4.2.0 later")
    flood(client, [1], times=6)
    work()

    sign(client, "honest@own.example", 1)
    work()

    assert addressees(mailbox) == ["honest@own.example"]


def test_a_mail_that_is_settled_says_nothing_of_its_network(
    client, petition, mailbox, work
):
    sign(client, "ada@own.example")
    assert OutgoingMail.objects.get().network

    work()

    assert OutgoingMail.objects.get().network is None


def test_names_in_a_subdomain_of_a_mailbox_are_that_mailbox(
    client, petition, mailbox, work
):
    for n in range(5):
        sign(client, f"n{n}@ada.fastmail.com", name=f"Ada {n}x")

    work()

    assert len(mailbox.messages) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        # (network, how many), one after the other, of twelve.
        ([("a", 3), ("a", 5)], [3, 3]),
        ([("a", 12), ("b", 12), ("c", 12), ("d", 12)], [6, 2, 1, 1]),
        ([(name, 12) for name in "abcdefg"], [6, 2, 1, 1, 1, 1, 0]),
    ],
)
def test_the_more_a_part_has_had_the_less_it_may_use(
    settings, time_machine, asked, granted
):
    time_machine.move_to(NOON, tick=False)
    settings.LIMIT_MAILS_TO_DOMAIN = 12

    got = [take_fairly(WHOLE(EVERYBODY), PART(Network(n)), most) for n, most in asked]

    assert got == granted


@pytest.mark.django_db
def test_a_flood_of_a_domain_leaves_room_for_75_networks(settings, time_machine):
    time_machine.move_to(NOON, tick=False)
    settings.LIMIT_MAILS_TO_DOMAIN = 300

    def get(name, most):
        return take_fairly(WHOLE(EVERYBODY), PART(Network(str(name))), most)

    flood = sum(get(name, 50) for name in list(range(10)) * 30)

    assert flood <= 225
    assert [get(name, 1) for name in range(100, 175)] == [1] * 75
