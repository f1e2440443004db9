"""What search engines, sharers and browsers ask for beside the pages."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests.factories import ADA, make_campaign, make_ended_campaign, make_petition

pytestmark = pytest.mark.django_db
PUBLIC = "https://letters.example"


@pytest.fixture
def elsewhere(settings, client):
    """A visitor who came by another name that the server answers to."""
    settings.SITE_URL = PUBLIC
    settings.ALLOWED_HOSTS = ["testserver", "10.0.0.7"]
    client.defaults["HTTP_HOST"] = "10.0.0.7"
    return client


def test_the_sitemap_lists_what_anybody_may_read_at_the_public_address(
    elsewhere, settings
):
    settings.LANGUAGES = [("en", "English")]
    make_campaign(slug="open")
    make_ended_campaign(slug="ended")
    make_campaign(slug="draft", published_at=None)
    make_campaign(
        slug="later",
        opens_at=timezone.now() + timedelta(days=1),
        closes_at=None,
    )

    response = elsewhere.get("/sitemap.xml")

    assert response["Content-Type"] == "application/xml"
    assert sorted(loc.text for loc in parse(response).iterfind(".//{*}loc")) == [
        f"{PUBLIC}/",
        f"{PUBLIC}/accessibility/",
        f"{PUBLIC}/cookies/",
        f"{PUBLIC}/ended/",
        f"{PUBLIC}/how-it-works/",
        f"{PUBLIC}/open/",
        f"{PUBLIC}/privacy/",
    ]
    changes = [changed.text for changed in parse(response).iterfind(".//{*}lastmod")]
    assert len(changes) == 2
    assert all(datetime.fromisoformat(changed).tzinfo for changed in changes)


def test_robots_leads_to_the_sitemap_at_the_public_address(elsewhere):
    response = elsewhere.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/signatures/",
        "",
        f"Sitemap: {PUBLIC}/sitemap.xml",
    ]


def test_a_browser_finds_the_icon(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert kind_of(client.get(response.url)) in ("x-icon", "vnd.microsoft.icon")


@pytest.mark.parametrize(
    "path", ["/", "/campaign-1/", "/privacy/", "/campaign-1/signatures/"]
)
def test_a_page_names_its_one_public_address(elsewhere, path):
    make_petition()

    page = elsewhere.get(path, {"utm_source": "mail"})

    assert re.findall('<link rel="canonical" href="(.*?)">', page.text) == [
        PUBLIC + path
    ]
    assert open_graph(page)["og:url"] == PUBLIC + path
    assert "10.0.0.7" not in page.text


def test_a_shared_campaign_shows_its_title_its_ask_and_a_picture(elsewhere, client):
    make_campaign(
        title='A "city" & <more>', title_ask="time to act", summary="Ask them."
    )

    shown = open_graph(elsewhere.get("/campaign-1/"))

    assert shown["og:title"] == "A &quot;city&quot; &amp; &lt;more&gt; – time to act"
    assert shown["og:description"] == "Ask them."
    assert shown["og:type"] == "article"
    assert shown["og:site_name"] == "Letters for Animals"
    assert shown["og:image"].startswith(PUBLIC)
    assert kind_of(client.get(shown["og:image"].removeprefix(PUBLIC))) == "png"


def test_the_share_row_holds_the_public_address(elsewhere):
    make_petition()

    page = elsewhere.get("/campaign-1/")

    assert f'value="{PUBLIC}/campaign-1/?s=copy"' in page.text
    assert "https%3A%2F%2Fletters.example%2Fcampaign-1%2F%3Fs%3Dwa" in page.text


def test_a_page_behind_a_secret_address_tells_nobody_where_it_is(client, mailbox, work):
    make_petition()
    inbox = client.post("/campaign-1/signatures/", ADA).url
    work()

    for path in (inbox, mailbox.path_to("confirmation"), mailbox.path_to("withdrawal")):
        page = client.get(path)
        assert 'name="robots" content="noindex"' in page.text
        assert 'name="referrer" content="same-origin"' in page.text
        assert "canonical" not in page.text
        assert open_graph(page) == {}


def kind_of(picture):
    picture.close()
    assert picture.status_code == 200
    return picture["Content-Type"].removeprefix("image/")


def open_graph(page):
    return dict(
        re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)">', page.text)
    )


def parse(response):
    return ElementTree.fromstring(response.content)
