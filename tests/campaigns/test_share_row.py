"""Messages that are ready to be sent to a friend, in the campaign's words."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import make_petition, make_update

pytestmark = pytest.mark.django_db
WORDS = "Sign & help the dogs: 100% “now” + 개"


def shared(page):
    """What each link and button of the row shares, by its label."""
    row = page.partition('<div class="share-link">')[2].partition("</section>")[0]
    links = {
        label: unescape(href)
        for href, label in re.findall(r'href="([^"]+)">([^<]+)</a>', row)
    }
    return links, unescape(row)


@pytest.fixture
def petition():
    petition = make_petition()
    petition.campaign.share_text = WORDS
    petition.campaign.save()
    return petition


def test_each_messenger_gets_the_campaigns_words_and_the_link(client, petition):
    links, _row = shared(client.get("/campaign-1/").text)

    def asked(name):
        address = urlsplit(links[name])
        fields = {key: value for key, [value] in parse_qs(address.query).items()}
        return address.netloc, fields

    page = "http://testserver/campaign-1/?s="
    assert asked("WhatsApp") == ("wa.me", {"text": f"{WORDS} {page}wa"})
    assert asked("LINE") == ("line.me", {"text": f"{WORDS} {page}line"})
    assert asked("Telegram") == ("t.me", {"url": f"{page}tg", "text": WORDS})
    assert asked("Facebook") == ("www.facebook.com", {"u": f"{page}fb"})
    assert asked("X") == ("x.com", {"text": WORDS, "url": f"{page}x"})
    assert asked("Email")[1] == {
        "subject": petition.campaign.full_title,
        "body": f"{WORDS}\r\n\r\n{page}mail",
    }


def test_kakaotalk_and_the_phones_own_sheet_get_the_same(client, petition):
    _links, row = shared(client.get("/campaign-1/").text)

    page = "http://testserver/campaign-1/?s="
    assert f'readonly value="{WORDS} {page}kakao">' in row
    assert f'data-url="{page}share" data-text="{WORDS}"' in row


def test_without_a_message_of_its_own_a_campaign_shares_its_title(client):
    campaign = make_petition().campaign

    links, _row = shared(client.get("/campaign-1/").text)

    assert parse_qs(urlsplit(links["X"]).query)["text"] == [campaign.full_title]


def test_an_update_shares_its_own_page_and_title(client, petition):
    update = make_update(petition.campaign, title="The Mayor answers")

    page = client.get(update.get_absolute_url()).text
    links, _row = shared(page)

    address = f"http://testserver{update.get_absolute_url()}"
    fields = parse_qs(urlsplit(links["X"]).query)
    assert fields == {"text": ["The Mayor answers"], "url": [f"{address}?s=x"]}
    assert f'<meta property="og:url" content="{address}">' in page
    email = parse_qs(urlsplit(links["Email"]).query)
    assert email["subject"] == ["The Mayor answers"]
