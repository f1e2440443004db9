"""“Yes, count my letter.”"""

import pytest
from django.http import HttpResponse
from django.test import Client

from letters.models import ReportedLetter
from supporters import browser
from tests.factories import make_counted, make_letter, make_petition

pytestmark = pytest.mark.django_db
PAGE = "/campaign-1/letter/"


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
    page = client.post(PAGE, {"sent": ""}, follow=True)

    assert page.redirect_chain == [("/campaign-1/letter/sent/", 302)]
    assert "1 letter so far." in page.text
    letter = suggested.reported.counted().get()
    assert letter.supporter is None


def test_a_confirmed_browser_is_counted_once_however_often_it_says_so(suggested):
    ada, bo = make_counted(suggested.campaign.petition, 2)
    first, second, other = browser_of(ada), browser_of(ada), browser_of(bo)

    pages = [
        client.post(PAGE, {"sent": ""}, follow=True)
        for client in (first, first, second, other)
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

    suggested.report_sent(supporter=supporter)
    suggested.report_sent(supporter=supporter)

    assert suggested.reported.counted().count() == 1


def test_one_supporter_may_write_for_two_campaigns(suggested):
    [signature] = make_counted(suggested.campaign.petition, 1)
    other = make_letter(recipients=suggested.recipient_list)
    client = browser_of(signature)

    client.post(PAGE, {"sent": ""})
    client.post(f"/{other.campaign.slug}/letter/", {"sent": ""})

    assert ReportedLetter.objects.count() == 2


def test_nothing_of_the_letter_is_stored(client, suggested):
    before = {field.name for field in ReportedLetter._meta.get_fields()}

    client.post(PAGE, {"sent": "", "name": "Ada", "own_words": "I love dogs."})

    assert before == {"id", "suggested_letter", "supporter", "reported_at", "held_at"}
    assert ReportedLetter.objects.count() == 1


def test_reading_the_thanks_counts_nothing(client, suggested):
    page = client.get("/campaign-1/letter/sent/")

    assert "0 letters so far." in page.text
    assert not ReportedLetter.objects.exists()


def test_the_ended_page_says_how_many_wrote(client, suggested):
    client.post(PAGE, {"sent": ""})
    suggested.campaign.close()

    assert "1 letter so far." in client.get("/campaign-1/").text
