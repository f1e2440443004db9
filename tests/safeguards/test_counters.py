from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from database import retention
from letters.models import ReportedLetter
from petitions.models import Signature
from safeguards.counters import (
    DAY,
    EVERYBODY,
    Hits,
    Limit,
    WholeSite,
    count,
    give_back,
    hit,
    take,
    window_end,
)
from safeguards.mailbox import Mailbox
from safeguards.network import Network, Networks, networks_of
from tests.factories import ADA, make_letter, make_petition

NOON = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC)
MAILS = Limit(
    "test emails", of=Mailbox, window=DAY, setting="LIMIT_MAILS_TO_ADDRESS_A_DAY"
)
ALL = Limit(
    "test all", of=WholeSite, window=DAY, setting="LIMIT_MAILS_TO_ADDRESS_A_DAY"
)
SLIDING = Limit(
    "test sliding",
    of=WholeSite,
    window=60,
    windows=3,
    setting="LIMIT_MAILS_TO_ADDRESS_A_DAY",
)
SIGN = "/campaign-1/signatures/"
SENT = "/campaign-1/letter/"


@pytest.fixture
def noon(time_machine):
    """A moment with room before the minute and the hour end."""
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "network"),
    [
        (0, "198.51.100.7", "", "198.51.100.0/24"),
        (0, "198.51.100.7", "203.0.113.9", "198.51.100.0/24"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.0/24"),
        (1, "10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.0/24"),
        (1, "10.0.0.1", "", "unknown"),
        (2, "10.0.0.1", "6.6.6.6,7.7.7.7, 203.0.113.9 ,10.9.9.9", "203.0.113.0/24"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.0/24"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:198.51.100.7", "", "198.51.100.0/24"),
        (1, "10.0.0.1", "::ffff:203.0.113.9", "203.0.113.0/24"),
        (1, "10.0.0.1", "' OR 1=1", "unknown"),
        (0, "", "", "unknown"),
    ],
)
def test_the_network_is_that_of_the_first_hop_we_do_not_trust(
    settings, proxies, peer, forwarded, network
):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}

    request = RequestFactory().post("/", REMOTE_ADDR=peer, headers=headers)

    assert networks_of(request).customer == Network(network)


@pytest.mark.django_db
def test_the_301st_post_of_a_minute_waits_for_the_next(client, noon):
    make_letter()
    use_up("posts", 299)

    last = client.post(SENT, {"way": "app", "sent": ""})
    refused = client.post(SENT, {"way": "app", "sent": ""})

    assert last.status_code == 302
    assert refused.status_code == 429
    assert "still here. Wait 1 minute, and send it again" in refused.text
    assert refused["Cache-Control"] == "no-store"
    assert ReportedLetter.objects.count() == 1
    noon.move_to(NOON + timedelta(seconds=int(refused["Retry-After"])))
    assert client.post(SENT, {"way": "app", "sent": ""}).status_code == 302


@pytest.mark.django_db
def test_a_flood_from_one_address_does_not_lock_out_its_neighbours(
    client, noon, settings
):
    settings.LIMIT_POSTS_A_MINUTE = 2
    make_letter()

    def answers(peer, times):
        return [
            client.post(SENT, {"way": "app", "sent": ""}, REMOTE_ADDR=peer).status_code
            for _ in range(times)
        ]

    assert answers("198.51.100.1", 9) == [302, 302] + [429] * 7
    assert answers("198.51.100.2", 2) == [302, 302]
    assert answers("198.51.100.3", 1) == [429]  # the network has had twice as many
    assert answers("203.0.113.1", 1) == [302]


@pytest.mark.django_db
def test_a_forged_forwarding_header_changes_nothing(client, noon, settings):
    settings.LIMIT_POSTS_A_MINUTE = 3
    make_letter()

    answers = [
        client.post(
            SENT,
            {"way": "app", "sent": ""},
            headers={"x-forwarded-for": f"203.0.{n}.1"},
        ).status_code
        for n in range(4)
    ]

    assert answers == [302, 302, 302, 429]


@pytest.mark.django_db
def test_reading_is_never_counted(client, noon, settings):
    settings.LIMIT_POSTS_A_MINUTE = 1
    make_letter()

    assert {client.get(SENT).status_code for _ in range(5)} == {200}


@pytest.mark.django_db
def test_300_people_behind_one_address_sign_within_ten_minutes(client, noon):
    """A bus, a class, an assembly: together, with faults, each confirming at once."""
    petition = make_petition()
    statuses = Counter()

    def send(path, data, status):
        statuses[client.post(path, data).status_code == status] += 1

    for minute, people in enumerate([100, 0, 30, 30, 0, 60, 20, 20, 20, 20]):
        noon.move_to(NOON + timedelta(minutes=minute))
        for number in range(people):
            ada = ADA | {"email": f"p{minute}.{number}@school.example"}
            if number % 3 == 0:
                send(SIGN, ada | {"country": ""}, 422)
            send(SIGN, ada, 302)
            signed = petition.signatures.latest("pk")
            token = signed.confirmation.link_key
            send(f"{SIGN}{token}/confirmation/", {}, 302)

    assert statuses == {True: 702}
    assert not Signature.objects.held().exists()
    assert petition.standing.count == 300


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded"),
    [
        (0, "203.0.113.7", "{n}"),
        (1, "10.0.0.1", "{n}, 203.0.113.7"),
        (2, "10.0.0.1", "{n}, 203.0.113.7, 10.9.9.9"),
        (2, "203.0.113.7", ""),
    ],
)
@pytest.mark.usefixtures("noon")
def test_forged_headers_change_nothing_about_who_signs(
    client, settings, proxies, peer, forwarded
):
    make_petition()
    settings.LIMIT_ACTS_BEFORE_HELD = 2
    settings.TRUSTED_PROXIES = proxies

    for n in range(4):
        forged = f"198.51.{n}.1"
        names = ("x-real-ip", "forwarded", "client-ip", "true-client-ip", "via")
        headers = dict.fromkeys(names, forged)
        headers["x-forwarded-for"] = forwarded.format(n=forged)
        client.post(SIGN, ADA, REMOTE_ADDR=peer, headers=headers)

    held = Signature.objects.held().order_by("pk")
    assert [s.held_for for s in held] == ["flood", "flood"]
    [network_hash] = {s.network_hash for s in Signature.objects.all()}
    assert len(network_hash) == 32


@pytest.mark.django_db
def test_who_rotates_through_the_networks_of_a_48_is_one_customer(
    client, noon, settings
):
    make_petition()
    settings.LIMIT_ACTS_BEFORE_HELD = 1

    for n in range(7):
        client.post(SIGN, ADA, REMOTE_ADDR=f"2001:db8:7:{n:x}::1")
    client.post(SIGN, ADA, REMOTE_ADDR="2001:db8:8::1")

    assert reasons() == ["", "", "", "", "", "flood", "flood", ""]


@pytest.mark.django_db
def test_the_601st_signature_of_an_hour_is_held_and_the_page_does_not_say_so(
    client, noon, mailbox, work
):
    make_petition()
    use_up("signature of network", 600)

    page = client.post(SIGN, ADA, follow=True)

    assert "Now check your email" in page.text
    assert Signature.objects.held().get().held_for == "flood"
    work()
    assert mailbox.messages == []


@pytest.mark.django_db
@pytest.mark.parametrize("otherwise", ["the 600th", "another network", "an hour later"])
def test_up_to_600_an_hour_from_one_network_nothing_happens(
    client, noon, mailbox, work, otherwise
):
    make_petition()
    use_up("signature of network", 599 if otherwise == "the 600th" else 600)
    if otherwise == "an hour later":
        noon.move_to(NOON + timedelta(hours=1))
    peer = "203.0.113.9" if otherwise == "another network" else "127.0.0.1"

    page = client.post(SIGN, ADA, follow=True, REMOTE_ADDR=peer)

    assert "Now check your email" in page.text
    work()
    assert len(mailbox.messages) == 1


@pytest.mark.django_db
def test_the_601st_letter_of_an_hour_is_not_counted(client, noon):
    suggested = make_letter()
    client.post(SENT, {"way": "app", "sent": ""})
    use_up("letter of network", 599)

    another = {"user-agent": "Another browser"}
    page = client.post(SENT, {"way": "app", "sent": ""}, follow=True, headers=another)

    assert (suggested.reported.count(), suggested.reported.counted().count()) == (2, 1)
    assert "Thank you for your letter" in page.text


@pytest.mark.django_db
def test_a_filled_honeypot_gets_the_usual_answer_and_is_held(client, mailbox, work):
    make_petition()
    usual = client.post(SIGN, ADA)

    answer = client.post(SIGN, {**ADA, "website": "http://spam.example"})

    assert answer.status_code == usual.status_code == 302
    assert answer.url.split("/")[:3] == usual.url.split("/")[:3]
    held = Signature.objects.held().get()
    assert (held.held_for, held.name) == ("honeypot", "Ada Lovelace")
    work()
    assert len(mailbox.messages) == 1


@pytest.mark.django_db
def test_a_counter_tells_neither_network_nor_address():
    network = Networks((Network("198.51.100.7"),))
    hit(Limit.declared["posts"](network), MAILS(Mailbox("ada@mail.example")))

    stored = str(list(Hits.objects.values_list()))

    assert Hits.objects.count() == 2
    assert "198.51" not in stored
    assert "ada" not in stored


@pytest.mark.parametrize("kind", [str, WholeSite, Mailbox])
def test_a_limit_counts_nothing_but_what_it_is_declared_for(kind):
    """An address as it was typed is no key: its spellings would be counted apart."""
    other = {
        str: "ada@mail.example",
        WholeSite: EVERYBODY,
        Mailbox: Mailbox("a@b.example"),
    }

    with pytest.raises(TypeError):
        Limit.declared["posts"](other[kind])
    with pytest.raises(TypeError):
        Limit("by text", of=str, window=DAY, setting="LIMIT_COMMENTS")


@pytest.mark.django_db
def test_counters_are_forgotten_a_day_after_their_window(noon):
    hit(Limit.declared["posts"](Networks((Network("198.51.100.7"),))))
    noon.move_to(NOON + timedelta(days=1))
    assert retention.rule("counters").forget() == 0

    noon.move_to(NOON + timedelta(days=1, minutes=2))

    assert retention.rule("counters").forget() == 1
    assert retention.rule("counters").forget() == 0


@pytest.mark.django_db(transaction=True)
def test_counters_are_exact_from_several_threads_at_once():
    one, two = ALL(EVERYBODY), MAILS(Mailbox("ada@mail.example"))
    start = Barrier(6)

    def hits(number):
        # In both orders, which must not make them wait for each other for ever.
        counters = (one, two) if number % 2 else (two, one)
        start.wait()
        try:
            return [hit(*counters) for _ in range(50)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        over = [part for parts in threads.map(hits, range(6)) for part in parts]

    assert count(one) == count(two) == 300
    # The first ten of each were not over, whoever came with them.
    assert sum(one[0] in part for part in over) == 290
    assert sum(two[0] in part for part in over) == 290


@pytest.mark.django_db
def test_what_is_given_back_late_is_given_back_to_its_window(noon):
    taken = MAILS(Mailbox("ada@mail.example"))
    take(taken, 2)
    noon.move_to(NOON + timedelta(days=1), tick=False)
    take(MAILS(Mailbox("ada@mail.example")), 1)

    give_back(taken)

    assert [count(taken), count(MAILS(Mailbox("ada@mail.example")))] == [1, 1]


@pytest.mark.django_db
def test_several_windows_count_together_as_long_as_they_say(noon):
    for minute in range(5):
        noon.move_to(NOON + timedelta(minutes=minute), tick=False)
        take(SLIDING(EVERYBODY), 1)

    assert count(SLIDING(EVERYBODY)) == 3


def reasons():
    """Why each signature was held, in the order in which they came."""
    return [signature.held_for for signature in Signature.objects.order_by("pk")]


def use_up(name, times):
    """Count this many acts from the test client's own address."""
    limit = Limit.declared[name]
    own = Networks((Network("127.0.0.1"), Network("127.0.0.0/24")))
    for _ in range(times):
        hit(limit(own))
    assert window_end(limit.window) > timezone.now()
