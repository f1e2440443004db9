"""The lines that another website copies, and what it learns by itself (oEmbed)."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from branding.colours import contrast
from tests.factories import make_campaign, make_letter, make_petition

pytestmark = pytest.mark.django_db
HERE = "http://testserver/campaign-1/"


@pytest.fixture
def campaign():
    letter = make_letter(make_petition().campaign)
    return letter.campaign


def lines(client):
    """What can be copied, by what it shows."""
    page = client.get("/campaign-1/embed/").text
    found = re.findall(r'<textarea id="lines-(\w+)"[^>]*>([^<]*)</textarea>', page)
    return {name: unescape(text) for name, text in found}


def test_the_lines_show_what_may_be_framed_and_say_where_readers_came_from(
    client, campaign
):
    found = lines(client)

    assert list(found) == ["petition", "letter", "count", "button"]
    for name in ("petition", "letter", "count"):
        [frame] = re.findall(r'<iframe src="(\S+)"', found[name])
        assert frame == f"{HERE}embed/{name}/?s=embed"
        assert "X-Frame-Options" not in client.get(frame)
        [script] = re.findall(r'<script src="(\S+)" async></script>', found[name])
        assert client.get(script)["Content-Type"] == "text/javascript"
    assert 'href="/campaign-1/embed/"' in client.get("/campaign-1/").text


def test_the_button_is_a_link_that_can_be_read_in_any_mail_program(client, campaign):
    button = lines(client)["button"]

    assert f'href="{HERE}?s=embed"' in button
    assert not re.search("<script|<img|<iframe|class=|@media", button)
    [back] = set(re.findall(r"background-color:(#\w+)", button))
    [ink] = re.findall(r";color:(#\w+)", button)
    assert contrast(back, ink) >= 4.5


def test_what_has_ended_is_not_offered_for_taking_part(client, campaign):
    campaign.close()

    assert list(lines(client)) == ["count"]


def test_a_page_names_the_address_at_which_its_frame_is_found(client, campaign):
    page = client.get("/campaign-1/").text
    [address] = re.findall(r'json\+oembed"[^>]* href="([^"]+)"', page)

    found = client.get(unescape(address)).json()

    assert unquote(address).endswith(f"/oembed?url={HERE}")
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert found["title"] == "Campaign 1"
    assert f'src="{HERE}embed/petition/?s=embed"' in found["html"]
    assert f'width="{found["width"]}" height="{found["height"]}"' in found["html"]
    small = client.get(f"{unescape(address)}&maxwidth=320&maxheight=200").json()
    assert (small["width"], small["height"]) == (320, 200)


def test_a_campaign_with_a_letter_alone_shows_that(client):
    make_letter(make_campaign())

    found = client.get("/oembed", {"url": HERE}).json()

    assert f"{HERE}embed/letter/?s=embed" in found["html"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 404),
        ({"url": "https://elsewhere.example/campaign-1/"}, 404),
        ({"url": "http://testserver.elsewhere.example/campaign-1/"}, 404),
        ({"url": "http://testserver/nowhere/"}, 404),
        ({"url": "http://testserver/admin/"}, 404),
        ({"url": "http://[", "maxwidth": "x"}, 404),
        ({"url": HERE, "format": "xml"}, 404),
        ({"url": HERE, "format": "json", "maxwidth": "-1", "maxheight": "٣"}, 200),
    ],
)
def test_oembed_knows_published_campaigns_and_json_alone(
    client, campaign, asked, status
):
    assert client.get("/oembed", asked).status_code == status


def test_a_draft_has_neither_lines_nor_a_frame(client):
    draft = make_petition().campaign
    draft.published_at = None
    draft.save()

    assert client.get("/campaign-1/embed/").status_code == 410
    assert client.get("/oembed", {"url": HERE}).status_code == 404


def test_it_is_the_campaign_in_the_language_of_its_address(client, campaign):
    campaign.language = "ko"
    campaign.save()

    korean = "http://testserver/ko/campaign-1/"
    assert f"{HERE}embed/petition/" in client.get("/oembed", {"url": HERE}).text
    assert f"{korean}embed/petition/" in client.get("/oembed", {"url": korean}).text
