"""What it costs to have ten languages, and what it changes for those who were there."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaign_site.languages import OFFERED
from campaigns.models import Campaign, CampaignText, address
from petitions.models import Petition
from tests.campaigns.test_cost import statements
from tests.campaigns.test_texts import PAGES
from tests.factories import (
    make_campaign,
    make_counted,
    make_letter,
    make_petition,
    make_text,
    sign,
)
from tests.letters.makers import confirmed

pytestmark = pytest.mark.django_db
FURTHER = ["comments/", "count/", "letter/recipients/", "updates/", "updates/feed/"]


def cost_of(client, path):
    return statements(lambda: client.get(path))[1]


@pytest.fixture
def campaign():
    campaign = make_petition(make_campaign(slug="bucheon")).campaign
    make_letter(campaign)
    return campaign


@pytest.mark.release
def test_home_of_five_hundred_campaigns_in_ten_languages(client):
    moment = timezone.now()
    common = {"opens_at": moment, "published_at": moment, "summary": "-"}

    def add(numbers):
        made = Campaign.objects.bulk_create(
            Campaign(slug=f"one-{n}", title=f"Number {n}", **common) for n in numbers
        )
        CampaignText.objects.bulk_create(
            CampaignText(
                campaign=each,
                language=code,
                slug=f"{each.slug}-{code}",
                title=f"{each.title} ({code})",
                summary="-",
                published_at=moment,
            )
            for each in made
            for code in [*OFFERED][1:]
        )
        address.learn()

    add(range(15))
    few = [cost_of(client, path) for path in ("/", "/ko/", "/ar/")]
    add(range(15, 500))

    assert [cost_of(client, path) for path in ("/", "/ko/", "/ar/")] == few
    assert few[1] == few[2] == few[0] + 1  # the texts of all campaigns on the page
    assert "Number 499 (ar)" in client.get("/ar/").text


@pytest.mark.parametrize("below", [*PAGES, *FURTHER])
def test_the_tenth_language_asks_as_the_second(client, campaign, below):
    first = cost_of(client, f"/bucheon/{below}")
    for code in [*OFFERED][1:]:
        make_text(campaign, code, slug=f"visit-{code}")

    second = cost_of(client, f"/ko/visit-ko/{below}")

    assert cost_of(client, f"/bucheon/{below}") == first
    assert cost_of(client, f"/ar/visit-ar/{below}") == second
    # The texts of the campaign, and those of its updates on the page.
    assert second <= first + 2


def test_a_site_that_gets_more_languages_keeps_addresses_and_counts(
    client, campaign, settings
):
    """What comes before a campaign in many languages: a site in one, with signers."""
    settings.LANGUAGES = [("en", "English")]
    waiting = sign(campaign.petition, email="bo@mail.example")
    make_counted(campaign.petition, 3)
    letter = confirmed(campaign.letter, email="ada@mail.example")
    paths = [f"/bucheon/{below}" for below in PAGES]
    paths += [waiting.inbox_url, letter.done_url, "/", "/privacy/", "/sitemap.xml"]
    answers = [client.get(path).status_code for path in paths]
    where = re.findall(r"<loc>([^<]+)", client.get("/sitemap.xml").text)
    assert {*answers} == {200}

    settings.LANGUAGES = [*OFFERED.items()]
    for code in [*OFFERED][1:]:
        make_text(campaign, code, slug=f"visit-{code}")
    cache.clear()

    assert campaign.get_absolute_url() == "/bucheon/"
    assert campaign.petition.standing.count == 3
    assert [client.get(path).status_code for path in paths] == answers
    assert {*where} < {*re.findall(r"<loc>([^<]+)", client.get("/sitemap.xml").text)}
    waiting.confirm()
    assert Petition.objects.get().standing.count == 4
