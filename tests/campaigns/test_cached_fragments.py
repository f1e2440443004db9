"""Pieces that are kept in the process show what is true when the page is rendered."""

import pytest
from django.core.cache import cache

from tests.factories import make_counted, make_letter, make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    """The action page as it is rendered now."""

    def look():
        cache.clear()
        return client.get("/campaign-1/").text

    return look


def test_the_count_moves_with_the_tally(look):
    petition = make_petition()
    petition.tally.create(country="GB", delta=60)
    assert "<strong>60</strong> people have signed" in look()

    petition.tally.create(country="FR", delta=40)

    page = look()
    assert "<strong>100</strong> people have signed" in page
    assert '<progress max="150" value="100"' in page


def test_the_countries_are_counted_anew(look):
    petition = make_petition()
    [ada] = make_counted(petition, name="Ada Lovelace", country="GB")
    make_counted(petition, name="Bo Li", country="CN", email="bo@mail.example")
    assert "People from 2 countries have signed." in look()

    ada.withdraw()

    assert "have signed." not in look().partition("signers-title")[2]


def test_a_letter_shows_its_recipients_as_they_are_now(look):
    letter = make_letter()
    assert "ward1@council.example</span>" in look()

    first = letter.recipient_list.recipients.first()
    first.mark_bounced("no such user")

    page = look()
    assert "ward1@council.example</span>" not in page
    assert f"Emails to {first.label} came back" in page


@pytest.mark.parametrize(
    ("of", "field", "value", "shown"),
    [
        ("list", "addressed_as", "the harbour board", "the harbour board"),
        ("letter", "sends_together", False, "with your email address for their"),
        ("letter", "subject", "A subject of today", "A subject of today"),
        ("recipient", "name", "Grace Hopper", "Grace Hopper"),
        ("recipient", "is_record", True, "for the official record"),
        ("recipient", "rhythm", "paused", "wants no letters for now"),
    ],
)
def test_a_letter_shows_each_row_as_it_is_now(look, of, field, value, shown):
    letter = make_letter()
    rows = {
        "letter": letter,
        "list": letter.recipient_list,
        "recipient": letter.recipient_list.recipients.first(),
    }
    assert shown not in look()

    setattr(rows[of], field, value)
    rows[of].save()

    assert shown in look()


def test_the_share_row_and_the_frame_follow_title_and_settings(look, settings):
    campaign = make_petition().campaign
    assert campaign.title in look()

    campaign.title = "Another title"
    campaign.save()
    settings.SITE_NAME = "Another group"
    settings.SITE_URL = "https://other.example"

    page = look()
    assert page.count("Another group</bdi></a>") == 2
    assert 'value="https://other.example/campaign-1/?s=copy"' in page
    assert "wa.me/?text=Another%20title%20" in page


def test_the_privacy_page_alone_says_that_it_is_the_current_one(client):
    make_petition()

    assert 'aria-current="page"' not in client.get("/campaign-1/").text
    assert 'href="/privacy/" aria-current="page"' in client.get("/privacy/").text
    assert 'aria-current="page"' not in client.get("/").text
