"""What officials choose on their page: how letters come, and to which address."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from letters.models import (
    AddressCorrection,
    Delivery,
    Recipient,
)
from staff.models import Alert
from tests.factories import (
    make_letter,
)
from tests.letters.makers import sweep
from tests.letters.test_official_page import enter, link, send, ward, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return make_letter()


def test_they_choose_how_letters_come(client, letter):
    send(letter)
    here = enter(client, ward(1))

    wrong = client.post(f"{here}rhythm/", {"rhythm": "hourly"})
    done = client.post(f"{here}rhythm/", {"rhythm": "weekly"}, follow=True)

    assert wrong.status_code == 422
    assert f'href="../letters/{letter.pk}/"' in wrong.text
    assert ward(1).rhythm == "weekly"
    assert ward(2).rhythm == "each"
    assert "Saved. You get one email a week with all letters" in done.text
    # Not without the cookie, whatever the address says.
    stranger = Client(headers={"sec-fetch-site": "same-origin"})
    assert stranger.post(f"{here}rhythm/", {"rhythm": "each"}).status_code == 410
    assert ward(1).rhythm == "weekly"
    assert client.post(f"{here}leaving/").status_code == 200
    assert client.get(here).status_code == 410


def test_who_chooses_a_mail_a_day_reads_on_which_days_it_comes(client, letter):
    type(letter.recipient_list).objects.update(timezone="America/Los_Angeles")
    send(letter)
    here = enter(client, ward(1))

    before = words_of(client.get(here))
    assert "One email each workday at 09:00, with all letters" in before
    assert "Letters with the same text come together, once a day at 09:00" in before
    assert "Your next email with letters" not in before

    done = words_of(client.post(f"{here}rhythm/", {"rhythm": "daily"}, follow=True))
    assert "each workday, Monday to Friday," in done
    assert "Your next email with letters: probably on" in done
    page = client.get("/campaign-1/letter/").text
    assert "goes on the next workday together" in page


def test_an_address_changes_once_it_is_confirmed_from_the_new_mailbox(
    client, mailbox, work, letter
):
    letter.pause()
    waiting = send(letter)
    here = enter(client, ward(1))
    mailbox.clear()
    for wrong in ("ward1@council.example", "ward2@council.example", "nobody"):
        answer = client.post(f"{here}address/", {"email": wrong})
        assert answer.status_code == 422
        assert wrong in answer.text

    asked = client.post(
        f"{here}address/", {"email": "Hall@council.example"}, follow=True
    )
    work()

    assert "We are emailing a link to" in asked.text
    mails = {m.envelope_to[0]: m for m in mailbox.messages}
    assert set(mails) - {"p1@mail.example"} == {
        "hall@council.example",
        "ward1@council.example",
    }
    notice = mails["ward1@council.example"].get_body(("plain",)).get_content()
    assert "hall@council.example" in notice
    assert "/officials/page/" not in notice
    text = mails["hall@council.example"].get_body(("plain",)).get_content()
    [path] = re.findall(r"http://testserver(/officials/address/\S+)", text)
    client.get(path)
    assert ward(1)  # looking changes nothing
    changed = client.post(path)
    assert changed.status_code == 200
    [official] = Recipient.objects.filter(email="hall@council.example")
    assert not Alert.objects.get().closed_at
    assert "confirmed it from the new mailbox" in Alert.objects.get().words
    assert waiting.deliveries.order_by("pk").first().email == "hall@council.example"
    # What was opened from the old mailbox is closed, and the button works once.
    assert client.get(here).status_code == 410
    assert client.post(path).status_code == 410
    assert client.get(link(official)).text.count("h…@council.example") == 1
    mailbox.clear()
    work()
    [told] = [m for m in mailbox.messages if m["To"] == "ward1@council.example"]
    assert "now go to hall@council.example." in told.get_body(("plain",)).get_content()


def test_who_wants_no_emails_reads_what_becomes_of_letters_that_wait(
    client, mailbox, work, letter
):
    here = enter(client, ward(1))
    said = "Later we do not, and its writer gets the text back."
    assert said in words_of(client.get(here))

    done = client.post(f"{here}rhythm/", {"rhythm": "paused"}, follow=True)
    send(letter, own="I live by the farm.", name="Zoe")
    page = f"{here}letters/{letter.pk}/"
    waiting = words_of(client.get(page))
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    Delivery.objects.filter(recipient=ward(1)).update(due_at=week_ago)
    work()
    sweep()
    client.post(f"{here}rhythm/", {"rhythm": "each"})
    work()

    assert words_of(done).count(said) == 1  # beside the choice, and not once more
    assert "after we emailed it. Its writer can delete it earlier." in words_of(done)
    assert "Zoe" in waiting
    # “Yet” would promise emails to an official who has chosen none.
    said = "We have not emailed you this letter, because you chose no emails."
    assert said in waiting
    assert "· not emailed to you" in waiting
    assert "· not emailed to you yet" not in waiting
    late = words_of(client.get(page))
    assert "Zoe" in late
    assert "· not emailed to you" in late
    reached = {message.envelope_to[0] for message in mailbox.messages}
    assert "ward1@council.example" not in reached
    subjects = [message["Subject"] for message in mailbox.messages]
    assert [each for each in subjects if "did not reach" in each]


def test_an_address_of_another_office_is_refused_with_a_way_out(client, letter):
    send(letter)
    here = enter(client, ward(1))

    page = client.post(f"{here}address/", {"email": "ward2@council.example"})

    assert page.status_code == 422
    assert (
        "It can lead to the same mailbox, like clerk+ward5@city.example."
        in words_of(page)
    )


def test_an_official_gives_no_address_of_ours_as_their_own(client, letter):
    send(letter)
    here = enter(client, ward(1))

    page = client.post(f"{here}address/", {"email": "Hello+x@letters.example"})

    assert page.status_code == 422
    assert "This address belongs to this website." in page.text


def test_they_type_only_so_many_addresses_a_day(client, mailbox, work, letter):
    send(letter)
    work()
    here = enter(client, ward(1))
    for n in range(5):
        typed = {"email": f"n{n}@city.example"}
        assert client.post(f"{here}address/", typed).status_code == 302

    page = client.post(f"{here}address/", {"email": "one.more@city.example"})

    assert page.status_code == 422
    assert "Try again tomorrow." in page.text
    assert "one.more@city.example" in page.text


def test_a_correction_that_is_late_or_overtaken_changes_nothing(
    client, mailbox, work, letter
):
    send(letter)
    here = enter(client, ward(1))
    paths = []
    for email in ("first@council.example", "second@council.example"):
        client.post(f"{here}address/", {"email": email})
        work()
        [found] = [m for m in mailbox.messages if m.envelope_to == [email]]
        text = found.get_body(("plain",)).get_content()
        paths += re.findall(r"http://testserver(/officials/address/\S+)", text)

    assert client.post(paths[0]).status_code == 410  # they typed another one since
    Recipient.objects.create(
        list=letter.recipient_list, office="Clerk", email="second@council.example"
    )
    assert client.post(paths[1]).status_code == 410  # somebody else's by now
    Recipient.objects.filter(email="second@council.example").delete()
    AddressCorrection.objects.update(sent_at=timezone.now() - timedelta(minutes=61))
    assert client.post(paths[1]).status_code == 410
    assert ward(1)
