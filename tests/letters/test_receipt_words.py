"""Writers read what a server's answer means; its own words are for staff."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from database import retention
from letters.models import Delivery, Letter
from outbox.dispatcher import collect
from outbox.models import Outcome, OutgoingMail
from tests.factories import make_campaign, make_letter, make_staff
from tests.letters.makers import confirmed, settle, unchanged

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
    hears = "An official may write one answer to everybody"
    assert hears in client.get(letter.done_url).text
    for delivery in letter.deliveries.all():
        settle(delivery, Outcome.REFUSED, at=now, reply=words)

    page = client.get(letter.done_url).text

    assert f"Refused: {meaning}<" in page
    assert hears not in page
    # The file with all of their data is for them, too.
    [exported] = Letter.objects.all().export()
    told = {row["state"] for row in exported["what happened to it"]}
    assert told == {f"refused: {meaning}"}
    assert words not in page.replace("&lt;", "<").replace("&gt;", ">")

    Delivery.objects.update(outcome=Outcome.SENT, bounced_at=now)
    assert f"Came back later: {meaning}<" in client.get(letter.done_url).text

    client.force_login(make_staff("di", is_superuser=True))
    delivery = Delivery.objects.first()
    page = client.get(f"/admin/letters/delivery/{delivery.pk}/change/").text
    assert f"came back later: {words}" in page.replace("&lt;", "<").replace("&gt;", ">")
    listed = client.get("/admin/letters/delivery/").text
    assert '<td class="field-state_word" data-label="State">Came back</td>' in (listed)


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
    hears = "An official may write one answer to everybody"
    assert hears in client.get(letter.done_url).text
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
        (Outcome.GIVEN_UP, "Not delivered, and we stopped trying<"),
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


def test_the_receipt_of_an_unchanged_letter_says_the_same_before_and_after_it_is_put(
    client, time_machine
):
    """In the first second, it is in no mail yet, and its writer reads the page."""
    time_machine.move_to(datetime(2030, 3, 6, 12, 0, tzinfo=UTC), tick=False)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    campaign = make_campaign(opens_at=long_ago, published_at=long_ago)
    letter = unchanged(make_letter(campaign), "Ada Lovelace")

    first = client.get(letter.done_url).text
    collect()
    later = client.get(letter.done_url).text

    assert letter.deliveries.exclude(mail=None).exists()
    said = "leaves together with others, probably on 7 March 2030."
    assert said in first
    assert first == later
    assert "You sent it to us on 6 March 2030." in first


@pytest.mark.parametrize(
    ("outcome", "explained"),
    [
        (Outcome.SENT, ["Handed to our mail service"]),
        (Outcome.IN_DOUBT, ["May have arrived"]),
        (Outcome.REFUSED, ["Refused, came back or not delivered"]),
    ],
)
def test_the_receipt_explains_the_words_on_it_and_no_others(client, outcome, explained):
    letter = confirmed()
    for delivery in letter.deliveries.all():
        settle(delivery, outcome)

    page = client.get(letter.done_url).text

    words = page.partition("What the words mean")[2].partition("</ul>")[0]
    assert re.findall(r"<li>([^:]+):", words) == explained


def test_the_receipt_explains_what_waits_together_and_what_is_tried_again(client):
    letter = unchanged(make_letter(), "Ada Lovelace")
    assert "Together with others: one email" in client.get(letter.done_url).text

    collect()
    OutgoingMail.objects.update(reply="450 later")

    page = client.get(letter.done_url).text
    assert "Together with others: one email" not in page
    assert "Trying again: their server said “not now”." in page
