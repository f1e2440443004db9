"""Mail that the site reads from its own mailbox, by IMAP."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox.incoming import imap, receiving
from outbox.incoming.tasks import fetch_mail
from outbox.models import IncomingMail
from tests.imap_server import ImapServer
from tests.letters.reports import report
from tests.outbox.test_incoming import reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(settings):
    server = ImapServer()
    settings.INCOMING_MAIL_URL = server.url
    yield server
    server.stop()


@pytest.fixture
def sent(queue, mailbox, work):
    mail = queue()
    work()
    return mail


def fetch():
    said = io.StringIO()
    call_command("fetch_mail", stdout=said)
    return said.getvalue().splitlines()


def test_what_is_new_is_received_once(inbox, sent):
    huge = reply(sent, "big", text="a" * 11_000_000)
    inbox.put(report(sent.bounce_address), reply(sent), b"\0", huge)

    assert fetch() == ["reply: 2", "report: 1", "unreadable: 1"]
    assert inbox.seen == {1, 2, 3, 4}
    sent.refresh_from_db()
    assert sent.bounced_at is not None
    assert fetch() == ["nothing new"]
    inbox.seen.clear()
    fetch()
    assert IncomingMail.objects.count() == 3


def test_a_conversation_that_breaks_goes_on_where_it_ended(inbox, sent):
    inbox.put(reply(sent, "one"), reply(sent, "two"))
    inbox.breaks_after = 1

    with pytest.raises(CommandError, match="cannot be read"):
        fetch()

    assert inbox.seen == {1}
    inbox.breaks_after = None
    fetch_mail(0)
    assert inbox.seen == {1, 2}
    assert IncomingMail.objects.count() == 2


def test_what_has_to_wait_stays_unread_and_holds_up_nothing(inbox, sent, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_FORWARDED_AN_HOUR", 1)
    inbox.put(reply(sent, "one"), reply(sent, "two"), report(sent.bounce_address))

    assert fetch() == ["reply: 1", "report: 1"]

    assert inbox.seen == {1, 3}


def test_what_waits_is_fetched_again_only_when_it_may_go_on(
    inbox, sent, monkeypatch, time_machine
):
    monkeypatch.setattr(receiving, "MOST_FORWARDED_AN_HOUR", 2)
    inbox.put(*(reply(sent, f"reply{number}") for number in range(6)))
    assert fetch() == ["reply: 2"]
    inbox.put(report(sent.bounce_address))
    inbox.fetched.clear()

    assert [fetch(), fetch(), fetch()] == [
        ["report: 1"],
        ["nothing new"],
        ["nothing new"],
    ]

    assert inbox.fetched == [7]
    time_machine.move_to(timezone.now() + timedelta(hours=1, minutes=1))
    inbox.put(reply(sent, "newest"))
    inbox.fetched.clear()
    assert fetch() == ["reply: 2"]
    assert inbox.fetched == [8, 3]  # what is new comes first, and then the oldest
    assert inbox.seen == {1, 2, 3, 7, 8}


def test_what_is_large_or_faulty_holds_up_no_report(inbox, sent, monkeypatch):
    def fail(raw, *_arguments):
        if b"faulty" in raw:
            raise ZeroDivisionError
        return received(raw)

    received = imap.receive
    monkeypatch.setattr(imap, "receive", fail)
    large = reply(sent, "large", text="a" * 300_000)
    inbox.put(large, reply(sent, "faulty"), report(sent.bounce_address))

    assert fetch() == ["reply: 1", "report: 1"]

    assert inbox.fetched == [2, 3, 1, 2]
    assert inbox.seen == {1, 3}
    inbox.put(report(sent.bounce_address, words="again"))
    inbox.fetched.clear()
    fetch()
    assert inbox.fetched == [4, 2]


def test_a_fault_of_ours_holds_up_no_other_message(inbox, sent, monkeypatch):
    taken = receiving.IncomingMessage.is_automatic.fget

    def fail_for_one(message):
        if "one" in message.text:
            raise ZeroDivisionError
        return taken(message)

    monkeypatch.setattr(
        receiving.IncomingMessage, "is_automatic", property(fail_for_one)
    )
    inbox.put(reply(sent, text="one"), reply(sent, "two"))

    assert fetch() == ["reply: 1"]
    assert inbox.seen == {2}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://site:a@mail.example/INBOX", "another machine needs imap"),
        ("https://mail.example", "it is not like imap"),
        ("imap://site:wrong@127.0.0.1:{port}/INBOX", "wrong password"),
        ("imap+ssl://site:a@127.0.0.1:{port}/INBOX", "SSL"),
        ("imap+tls://site:a@127.0.0.1:{port}/INBOX", "TLS"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(inbox, settings, url, words):
    port = inbox.url.rpartition(":")[2].partition("/")[0]
    settings.INCOMING_MAIL_URL = url.format(port=port)

    with pytest.raises(CommandError, match=words):
        fetch()

    fetch_mail(0)  # the worker notes it, and goes on
