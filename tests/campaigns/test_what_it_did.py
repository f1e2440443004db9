"""One page says what an action did, by whichever action and link its owner comes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.signing.own_page import key_of
from tests.answers import new_browser
from tests.factories import (
    make_counted,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_recipients,
    make_stance,
    make_update,
    prove,
    sign,
)
from tests.letters.makers import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    """The page after each action and behind each link, in its owner's browser."""
    petition = make_petition()
    recipients = make_recipients()
    suggested = make_letter(
        petition.campaign, recipients=recipients, shows_answers=True
    )
    make_stance(suggested, recipients.recipients.first())
    make_update(petition.campaign, published_at=timezone.now())
    make_counted(petition, country="PT")
    signature = sign(petition)
    signature.confirm()
    letter = confirmed(suggested)
    browser = new_browser()
    prove(browser, signature)
    own = f"/campaign-1/signatures/thanks/{key_of(signature)}/"
    paths = (signature.done_url, own, letter.done_url, "/campaign-1/letter/sent/")
    return [browser.get(path).text for path in paths]


def test_the_rest_of_the_page_is_the_same_everywhere(pages):
    for page in pages:
        heads = re.findall(
            r"<h[23][^>]*>([^<]+)<", page.partition("What you can do now")[2]
        )
        assert heads[:4] == [
            "You signed",
            "You wrote the letter",
            "Ask one friend",
            "Get the news",
        ]
        assert "What happens next in the campaign" in heads
        assert "The Mayor answers" in page  # the update
        assert "supports" in page.partition("What happens next")[2].lower()
        assert re.search(r'id="share-url"[^>]*\?s=[a-z0-9]{10}"', page)


def test_each_begins_with_what_was_just_done(pages):
    begin = [" ".join(re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.S)) for page in pages]

    assert "Thank you, <bdi>Ada Lovelace</bdi>." in begin[0]
    assert begin[0] == begin[1]
    assert begin[2:] == ["What happens to your letter", "Thank you for your letter"]


def test_each_says_once_of_how_many_its_reader_is_one(pages):
    for page in pages:
        assert page.count("2 people have signed.") == 1
        assert page.count("People from 2 countries have signed.") == 1


def test_the_next_meeting_of_each_body_shows(client):
    letter = make_letter(make_petition().campaign)
    now = timezone.now()
    for days, name in [(3, "City Council"), (5, "County Board"), (17, "City Council")]:
        letter.meetings.create(
            name=name, timezone="Asia/Seoul", starts_at=now + timedelta(days=days)
        )

    page = client.get("/campaign-1/letter/sent/").text

    told = re.findall(r"They meet next:</b> ([\w ]+?),? ?<time", page)
    assert told == ["City Council", "County Board"]


def test_who_has_written_is_asked_to_sign_next(client):
    petition = make_petition()
    letter = confirmed(make_letter(petition.campaign))

    page = client.get(letter.done_url).text

    assert 'class="button" href="/campaign-1/signatures/">Sign the petition' in page
    assert "Lovelace</bdi>, " not in page.partition("What you can do now")[2]


def test_after_the_end_the_past_stands_under_one_heading(client):
    petition = make_petition(make_ended_campaign())

    page = client.get(f"/{petition.campaign.slug}/signatures/thanks/").text

    main = page.partition("</main>")[0]
    heads = re.findall(r"<h2[^>]*>([^<]+)<", main)
    assert heads == ["What you can do now", "What has happened"]
    assert "0 people have signed" not in page
    assert "Tell one friend" in main
    assert "Ask one friend" not in main
