import re

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format

from campaigns import listing
from campaigns.listing import A_PAGE
from campaigns.models import Campaign
from tests.factories import (
    make_campaign,
    make_counted,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_recipients,
    make_update,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipients():
    return make_recipients()


def make_full_campaigns(number, recipients):
    """Open and ended campaigns that have everything a card can show."""
    for make in (make_campaign, make_ended_campaign):
        for _ in range(number):
            campaign = make()
            campaign.readings.create(
                title=f"Read {campaign.slug}", url="https://a.example"
            )
            make_letter(campaign, recipients=recipients)
            make_petition(campaign).tally.create(country="GB", delta=60)


def test_home_lists_what_is_open_and_what_has_ended(client):
    make_campaign(title="Help now", title_ask="time to act", slug="now")
    make_ended_campaign(title="Helped then", outcome="They listened.", slug="then")

    page = client.get("/").text

    opened, ended = page.split("What has changed so far")
    assert '<h3><a href="/now/">Help now – time to act</a></h3>' in opened
    assert '<h3><a href="/then/#outcome-title">Helped then</a></h3>' in ended
    assert "They listened." in ended
    assert "Helped then" not in opened
    assert "Help now" not in ended


def test_what_came_of_ended_campaigns_is_told_with_day_and_source(client):
    written = make_ended_campaign(
        title="Helped then",
        slug="then",
        outcome="They listened.",
        outcome_url="https://city.example/vote",
    )
    won = make_ended_campaign(title="Won it", slug="won")
    won.milestones.create(kind="won", words="The council voted for it.")
    make_ended_campaign(title="Only asked", slug="asked")

    page = client.get("/").text

    changed, over = page.split("What has changed so far")[1].split(">Ended</h2>")
    day = date_format(written.outcome_day, "DATE_FORMAT")
    assert f'<time datetime="{written.outcome_day}">{day}</time>' in changed
    assert 'href="https://city.example/vote"' in changed
    assert 'href="/then/#outcome-title">Helped then</a>' in changed
    assert "The council voted for it." in changed
    assert "Only asked" not in changed
    assert "Only asked" in over
    assert "Helped then" not in over


def test_a_card_leads_to_what_the_campaign_offers(client, recipients):
    make_petition(make_campaign(slug="to-sign"))
    make_letter(make_campaign(slug="to-write"), recipients=recipients)

    page = client.get("/").text

    assert 'href="/to-sign/#sign">Sign the petition</a>' in page
    assert 'href="/to-write/#letter">Send the letter</a>' in page
    assert "/to-sign/#letter" not in page
    assert "/to-write/#sign" not in page


def test_a_card_shows_the_count_and_from_fifty_on_the_goal(client):
    make_counted(make_petition(), 2)
    make_petition(slug="many").tally.create(country="GB", delta=1284)

    page = client.get("/").text

    assert "<strong>2</strong> people have signed" in page
    assert "<strong>1,284</strong> people have signed" in page
    assert '<progress max="1500" value="1284"' in page
    assert page.count("<progress") == 1


def test_the_background_reading_of_open_campaigns_is_shown(client):
    readings = make_campaign(slug="now").readings
    readings.create(title="A light <shines>", url="https://news.example/")
    readings.create(title="Of this, only the title is known")

    page = client.get("/").text

    assert '<a href="/now/#reading">A light &lt;shines&gt;</a>' in page
    assert "only the title is known" not in page


@pytest.mark.parametrize("is_reached", [True, False])
def test_the_letter_pictured_on_home_is_greeted_as_on_its_page(client, is_reached):
    recipients = make_recipients(number=1)
    if not is_reached:
        recipients.recipients.update(bounced_at=timezone.now())
    body = "[Salutation]\n\n[The ask]\n\n[Your Name & City/Country]"
    letter = make_letter(body=body, ask="Please help.", recipients=recipients)
    greeted = "Council Member, Ward 1" if is_reached else "the Mayor and the Council"

    home = client.get("/").text
    own = client.get(letter.campaign.get_absolute_url()).text

    for page in (home, own):
        sheet = page.partition('class="sheet"')[2]
        assert f"<p>Dear {greeted}:</p>" in sheet.replace(' dir="auto"', "")
    assert "<p>Please help.</p>" in home
    assert "[Salutation]" not in home


def test_home_without_a_campaign_says_so(client):
    page = client.get("/").text

    assert "no campaign is published yet" in page
    assert "What has changed so far" not in page
    assert "How it works" in page


def test_a_heading_stands_over_something(client):
    make_campaign()

    assert "What has changed so far" not in client.get("/").text


def test_five_hundred_campaigns_are_pages_of_one_size(client, recipients):
    make_full_campaigns(1, recipients)
    small = len(client.get("/").content)
    Campaign.objects.bulk_create(
        Campaign(
            title=f"Dogs {n}",
            slug=f"dogs-{n}",
            summary="Ask them.",
            opens_at="2026-01-01T00:00Z",
            published_at="2026-01-01T00:00Z",
        )
        for n in range(500)
    )
    cache.clear()

    seen, path, sizes = [], "/", []
    while path:
        page = client.get(path)
        seen += re.findall(r'<h3><a href="/(dogs-\d+)/">', page.text)
        sizes.append(len(page.content))
        assert f'rel="canonical" href="http://testserver{path}"' in page.text
        following = re.search(
            r'<link rel="next" href="http://testserver([^"]+)"', page.text
        )
        path = following and following[1]

    assert sorted(seen) == sorted(f"dogs-{n}" for n in range(500))
    assert max(sizes) < small + 3000 * A_PAGE
    assert '<link rel="prev" href="http://testserver/page/41/">' in page.text
    assert "Campaigns, page 42" in page.text
    assert 'id="how"' not in page.text
    assert client.get("/page/43/").status_code == 404
    assert client.get("/page/0/").status_code == 404
    first = client.get("/page/1/").text
    assert 'rel="canonical" href="http://testserver/"' in first
    assert page["Cache-Control"] == client.get("/")["Cache-Control"]


def test_a_long_sitemap_is_an_index_of_files(client, settings, monkeypatch):
    settings.LANGUAGES = [("en", "English")]
    monkeypatch.setattr(listing, "IN_A_SITEMAP", 3)
    campaigns = [make_campaign() for _ in range(4)]
    updates = [make_update(campaigns[0]) for _ in range(4)]

    def locations(path):
        return re.findall(r"<loc>http://testserver([^<]+)</loc>", client.get(path).text)

    files = locations("/sitemap.xml")
    listed = [locations(file) for file in files]

    assert files == ["/sitemap/1.xml", "/sitemap/2.xml", "/sitemap/3.xml"]
    pages = [f"/{campaign.slug}/" for campaign in campaigns]
    pages += [update.get_absolute_url() for update in updates]
    own = ["/", "/how-it-works/", "/privacy/", "/cookies/", "/accessibility/"]
    assert listed == [[*own, *pages[:3]], pages[3:6], pages[6:]]
    assert client.get("/sitemap/4.xml").status_code == 404
