""" "This was not me" in the mails that let an official in, or ask at a new address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import AddressCorrection, Recipient
from outbox.models import Suppression
from tests.answers import new_browser
from tests.factories import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(mailbox):
    make_letter()
    return Recipient.objects.get(email="ward1@council.example")


def ask(official):
    """Press the button under a letter, as anybody can who has been forwarded one."""
    path = official.page_url.removeprefix("http://testserver")
    return new_browser().post(path, follow=True)


@pytest.fixture
def mailed(official, mailbox, work):
    """The paths of the two links in the mail: to open the page, and to deny it."""
    ask(official)
    work()
    opening = mailbox.newest_path("/officials/opening/")
    return opening, mailbox.newest_path("/officials/denial/")


def test_opening_the_page_ends_nothing_and_its_button_ends_the_link(client, mailed):
    opening, denial = mailed

    page = client.get(denial)
    client.head(denial)
    assert "<h1>Was this not you?</h1>" in page.text
    assert client.get(opening).status_code == 200
    done = client.post(denial, follow=True)

    assert "<h1>The link is ended</h1>" in done.text
    for answer in (client.get(opening), client.post(opening)):
        assert answer.status_code == 410
        assert "pressed “This was not me”. That ended this link." in answer.text


def test_no_other_one_comes_for_a_day_and_who_asks_reads_the_same(  # noqa: PLR0917
    client, official, mailed, mailbox, work, time_machine
):
    before = ask(official).text
    work()
    client.post(mailbox.newest_path("/officials/denial/"))
    mailbox.clear()

    assert ask(official).text == before
    work()
    assert mailbox.messages == []

    time_machine.move_to(timezone.now() + timedelta(hours=25))
    ask(official)
    work()
    assert [mail["To"] for mail in mailbox.messages] == ["ward1@council.example"]


def test_undone_it_opens_and_others_come(client, official, mailed, mailbox, work):
    opening, denial = mailed
    client.post(denial)

    undone = client.post(denial, {"undo": ""}, follow=True)
    assert undone.redirect_chain[-1][0] == opening
    mailbox.clear()
    ask(official)
    work()

    assert len(mailbox.messages) == 1
    assert client.post(opening).status_code == 302
    assert not Suppression.objects.exists()


def test_what_was_opened_can_be_denied_no_more(client, mailed):
    opening, denial = mailed
    client.post(opening)

    for answer in (client.get(denial), client.post(denial)):
        assert answer.status_code == 410
        assert "Somebody has already used the link in this email." in answer.text
        assert "mailto:" in answer.text
    assert not Suppression.objects.exists()


def test_a_new_address_that_is_denied_changes_nothing(client, official, mailbox, work):
    AddressCorrection.objects.request(official, "hall@council.example")
    work()
    address = mailbox.newest_path("/officials/address/")

    client.post(mailbox.newest_path("/officials/denial/"))

    assert client.get(address).status_code == client.post(address).status_code == 410
    official.refresh_from_db()
    assert official.email == "ward1@council.example"
    mailbox.clear()
    AddressCorrection.objects.request(official, "hall@council.example")
    work()
    assert [mail["To"] for mail in mailbox.messages] == ["ward1@council.example"]


def test_a_key_of_nobody_opens_nothing(client):
    for answer in (client.get, client.post):
        assert answer("/officials/denial/nobody/").status_code == 410
