"""What is forgotten of a letter, and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import Delivery, Letter
from supporters.models import RetentionRun
from tests.factories import make_letter, make_staff, reject
from tests.letters.makers import bounce, confirmed, states, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def move_on(time_machine):
    """Let so many days pass, and the night's work be done."""

    def move_on(days):
        time_machine.move_to(timezone.now() + timedelta(days=days, minutes=1))
        RetentionRun.run()

    return move_on


def test_the_text_goes_after_28_days_and_the_receipt_keeps_the_states(
    client, mailbox, work, move_on
):
    letter = confirmed()
    work()

    move_on(days=27)
    assert "Please help." in client.get(letter.done_url).text
    move_on(days=1)
    receipt = client.get(letter.done_url).text
    letter.refresh_from_db()

    assert (letter.text, letter.subject) == ("", "")
    assert str(letter) == "Ada Lovelace"
    assert "Please help." not in receipt
    assert "We deleted its text 28 days after we sent it" in receipt
    assert receipt.count("Handed to our mail service<") == 3
    removed_at = letter.text_removed_at
    move_on(days=1)
    letter.refresh_from_db()
    assert letter.text_removed_at == removed_at


def test_the_28_days_begin_when_the_last_delivery_is_settled(mailbox, work, move_on):
    letter = confirmed()
    work()
    late = letter.deliveries.first()
    move_on(days=20)
    Delivery.objects.filter(pk=late.pk).update(settled_at=timezone.now())

    move_on(days=27)
    letter.refresh_from_db()

    assert letter.text != ""
    move_on(days=1)
    letter.refresh_from_db()
    assert letter.text == ""


def test_a_letter_that_still_waits_keeps_its_text(move_on):
    suggested = make_letter()
    letter = confirmed(suggested)
    suggested.pause()

    move_on(days=100)

    letter.refresh_from_db()
    assert letter.text != ""
    assert states(letter) == ["not sent yet: the campaign has paused its letters"] * 3


def test_without_its_text_a_letter_is_neither_sent_again_nor_given_back(
    mailbox, work, move_on
):
    letter = confirmed()
    work()
    move_on(days=28)
    mailbox.clear()
    letter = Letter.objects.get()

    bounce(letter.deliveries.first(), "550 5.1.1 User unknown")
    assert not letter.deliveries.first().retry()
    work()

    assert [
        m["Subject"] for m in mailbox.messages if m["To"] == "ada@mail.example"
    ] == []
    assert states(letter)[0].startswith("came back later")


def test_an_unconfirmed_letter_vanishes_after_seven_days(mailbox, work, move_on):
    write()
    work()

    move_on(days=6)
    assert Letter.objects.exists()
    move_on(days=1)

    assert not Letter.objects.exists()


def test_erasing_leaves_nothing_of_a_letter_that_nobody_confirmed():
    write()

    Letter.objects.all().erase()

    assert not Letter.objects.exists()


def test_a_rejected_letter_vanishes(move_on):
    letter = write(held_for="flood")
    reject(letter, make_staff())

    move_on(days=7)

    assert not Letter.objects.exists()


def test_the_privacy_page_quotes_the_setting(client, settings):
    settings.KEEP_LETTER_TEXT_DAYS = 9

    assert "9 days after" in client.get("/privacy/").text
