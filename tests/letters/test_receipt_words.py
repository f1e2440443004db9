"""Writers read what a server's answer means; its own words are for staff."""

from datetime import timedelta

import pytest
from django.utils import timezone

from database import retention
from letters.models import Delivery, Letter
from outbox.dispatcher import collect
from outbox.models import Outcome, OutgoingMail
from tests.factories import make_staff
from tests.letters.makers import confirmed, settle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("550 5.1.1 <m@x.example>: Recipient unknown", "this address does not exist"),
        ("550 5.2.1 account disabled", "this address does not exist"),
        ("552 5.2.2 over quota", "their mailbox is full"),
        ("552 5.3.4 too big", "the letter is too big for their server"),
        ("554 5.7.1 Service unavailable; S25R", "their server refused it"),
        ("550 go away", "their server did not accept it"),
        ("smtp; Mailbox over quota (#5.2.2)", "their mailbox is full"),
        ("The recipient has gone", "their server did not accept it"),
        ("5.9.9", "their server did not accept it"),
    ],
)
def test_the_receipt_says_what_a_refusal_means(client, words, meaning):
    letter = confirmed()
    now = letter.confirmed_at
    for delivery in letter.deliveries.all():
        settle(delivery, Outcome.REFUSED, at=now, reply=words)

    page = client.get(letter.done_url).text

    assert f"Refused: {meaning}<" in page
    # The file with all of their data is for them, too.
    [exported] = Letter.objects.all().export()
    told = {row["state"] for row in exported["what happened to it"]}
    assert told == {f"refused: {meaning}"}
    assert words not in page.replace("&lt;", "<").replace("&gt;", ">")

    Delivery.objects.update(outcome=Outcome.SENT, bounced_at=now)
    assert f"Came back later: {meaning}<" in client.get(letter.done_url).text

    client.force_login(make_staff("di", is_superuser=True))
    desk = client.get("/admin/letters/delivery/").text
    assert f"came back later: {words}" in desk.replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("450 4.2.1 greylisted", "their server asked us to try again later"),
        ("452 4.2.2 over quota", "their mailbox is full"),
        ("TimeoutError: timed out", "we could not reach the server"),
        ("DataError on our side", "something went wrong on our side"),
    ],
)
def test_the_receipt_says_why_it_is_tried_again(client, words, meaning):
    letter = confirmed()
    collect()
    OutgoingMail.objects.update(reply=words, due_at=letter.confirmed_at)

    page = client.get(letter.done_url).text

    assert f"Trying again soon: {meaning}.<" in page
    assert words not in page


def test_the_receipt_keeps_the_number_of_the_queue_to_itself(client):
    letter = confirmed()
    now = letter.confirmed_at
    for delivery in letter.deliveries.all():
        settle(delivery, at=now, reply="250 2.0.0 Q47")

    page = client.get(letter.done_url).text

    assert "Handed to our mail service<" in page
    assert "Q47" not in page


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.SENT, "Handed to our mail service<"),
        (Outcome.REFUSED, "Refused<"),
        (Outcome.GIVEN_UP, "Not delivered; we stopped trying<"),
        (Outcome.IN_DOUBT, '">May have arrived: the connection'),
    ],
)
def test_what_came_of_it_stays_when_the_note_of_its_mail_is_deleted(
    client, time_machine, settings, outcome, said
):
    letter = confirmed()
    for delivery in letter.deliveries.all():
        settle(delivery, outcome, reply="450 later")
    kept = settings.KEEP_MAIL_NOTES_DAYS
    time_machine.move_to(timezone.now() + timedelta(days=kept + 1))
    retention.rule("outgoing emails").forget()
    assert not letter.deliveries.exclude(mail=None).exists()

    assert client.get(letter.done_url).text.count(said) == 3
