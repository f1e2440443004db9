"""“Yes, count my letter.”"""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from letters.models import Letter, ReportedLetter
from supporters.my_page import browser
from tests.factories import LETTER, make_counted, make_letter, make_petition

pytestmark = pytest.mark.django_db
PAGE = "/campaign-1/letter/"
SENT = {"way": "app", "sent": ""}
TYPED = {
    "name": "Ada Lovelace",
    "place": "London, UK",
    "own_words": "My own dog came from such a place.",
    "subject": "Please help",
    "body": LETTER,
    "email": "ada@mail.example",
}


@pytest.fixture
def suggested():
    return make_letter(make_petition().campaign)


def browser_of(signature):
    """A browser that has confirmed this signature."""
    response = HttpResponse()
    browser.remember(response, signature.confirmation.supporter)
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.cookies.update(response.cookies)
    return client


def test_a_letter_that_was_sent_is_counted(client, suggested):
    page = client.post(PAGE, SENT, follow=True)

    assert page.redirect_chain == [("/campaign-1/letter/sent/", 302)]
    assert "1 letter so far." in page.text
    letter = suggested.reported.counted().get()
    assert letter.supporter is None


def test_a_confirmed_browser_is_counted_once_however_often_it_says_so(suggested):
    ada, bo = make_counted(suggested.campaign.petition, 2)
    first, second, other = browser_of(ada), browser_of(ada), browser_of(bo)

    pages = [
        client.post(PAGE, SENT, follow=True) for client in (first, first, second, other)
    ]

    assert [page.status_code for page in pages] == [200] * 4
    assert "2 letters so far." in pages[-1].text
    assert set(ReportedLetter.objects.values_list("supporter__email", flat=True)) == {
        "person0@mail.example",
        "person1@mail.example",
    }


def test_saying_so_twice_counts_once_for_a_known_supporter(suggested):
    [signature] = make_counted(suggested.campaign.petition, 1)
    supporter = signature.confirmation.supporter

    ReportedLetter.objects.report(suggested, supporter=supporter)
    ReportedLetter.objects.report(suggested, supporter=supporter)

    assert suggested.reported.counted().count() == 1


def test_a_browser_that_nobody_knows_is_counted_once_a_day_for_each_letter(
    client, suggested, time_machine
):
    tomorrow = timezone.now() + timedelta(days=1)
    noon = tomorrow.replace(hour=12)
    time_machine.move_to(noon)
    other = make_letter(recipients=suggested.recipient_list)

    def say_so(peer="198.51.100.1", agent="Firefox", path=PAGE):
        headers = {"user-agent": agent}
        page = client.post(path, SENT, follow=True, REMOTE_ADDR=peer, headers=headers)
        assert "Thank you for your letter" in page.text
        return suggested.sent_count(), other.sent_count()

    assert [say_so(), say_so(), say_so()] == [(1, 0)] * 3
    assert not suggested.reported.exclude(supporter=None).exists()
    assert say_so(path=f"/{other.campaign.slug}/letter/") == (1, 1)
    # Others behind one address, and a neighbour with the same browser.
    assert say_so(agent="Safari") == (2, 1)
    assert say_so(peer="198.51.100.2") == (3, 1)
    time_machine.move_to(noon + timedelta(days=1))
    assert say_so() == (4, 1)


def test_one_supporter_may_write_for_two_campaigns(suggested):
    [signature] = make_counted(suggested.campaign.petition, 1)
    other = make_letter(recipients=suggested.recipient_list)
    client = browser_of(signature)

    client.post(PAGE, SENT)
    client.post(f"/{other.campaign.slug}/letter/", SENT)

    assert ReportedLetter.objects.count() == 2


def test_nothing_of_the_letter_is_stored(client, suggested):
    before = {field.name for field in ReportedLetter._meta.get_fields()}

    client.post(PAGE, {**SENT, "name": "Ada", "own_words": "I love dogs."})

    assert before == {"id", "suggested_letter", "supporter", "reported_at", "held_at"}
    assert ReportedLetter.objects.count() == 1


def test_reading_the_thanks_counts_nothing(client, suggested):
    page = client.get("/campaign-1/letter/sent/")

    assert "Thank you for your letter" in page.text
    assert "letters so far" not in page.text
    assert not ReportedLetter.objects.exists()


def test_the_ended_page_says_how_many_wrote(client, suggested):
    client.post(PAGE, SENT)
    suggested.campaign.close()

    assert "1 letter so far." in client.get("/campaign-1/").text


def test_a_letter_that_we_were_to_send_is_not_taken_for_sent(client, suggested):
    page = client.post(PAGE, {**TYPED, "way": "us", "sent": ""})

    assert page.status_code == 422
    assert "We have not sent your letter yet. Press “Send my letter”" in page.text
    assert 'name="send"' in page.text
    assert TYPED["own_words"] in page.text
    assert 'value="ada@mail.example"' in page.text
    assert not ReportedLetter.objects.exists()
    assert not Letter.objects.exists()


def test_it_is_counted_once_the_writer_says_how_it_was_sent(client, suggested):
    for way in ("app", "web", "file", "copy", "paper"):
        # Each is another writer's browser.
        sent = {**TYPED, "way": way, "sent": ""}
        client.post(PAGE, sent, headers={"user-agent": f"Browser of {way}"})

    assert suggested.reported.counted().count() == 5


def test_each_way_to_send_it_oneself_has_the_button_and_ours_has_not(client, suggested):
    ways = client.get(PAGE).text.split('<label class="choice" for="way-')[1:]

    having = [way.split('"')[0] for way in ways if "Yes, count my letter" in way]
    assert having == ["app", "web", "file", "copy", "paper"]
