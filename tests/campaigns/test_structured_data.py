"""JSON-LD on the two pages of which a search engine is known to read it."""

import json
import re

import pytest
from django.contrib.staticfiles import finders

from tests.factories import (
    make_campaign,
    make_picture,
    make_text,
    make_update,
    make_update_text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
ATTACK = "</script><script>alert(1)</script><!--"


def data_in(page):
    [found] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page.text, re.S
    )
    return json.loads(found)


def test_a_title_is_data_and_ends_no_script(client):
    update = make_update(title=ATTACK)

    page = client.get(update.get_absolute_url())

    assert data_in(page)["headline"] == ATTACK
    assert "<script>alert" not in page.text
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_the_home_page_says_whose_the_site_is(client, settings):
    settings.SITE_NAME = ATTACK
    make_campaign()

    page = client.get("/")

    about, us = data_in(page)["@graph"]
    assert (about["@type"], about["name"]) == ("WebSite", ATTACK)
    assert about["url"] == f"{settings.SITE_URL}/"
    assert us["logo"].startswith(settings.SITE_URL)
    assert finders.find(us["logo"].removeprefix(f"{settings.SITE_URL}/static/"))
    assert "<script>alert" not in page.text


def test_an_update_says_title_day_and_picture_in_its_language(client, settings):
    campaign = make_campaign()
    update = make_update(campaign, **make_picture())
    make_text(campaign, "ko", slug="bucheon")
    make_update_text(update, title="시장이 답했습니다")

    english = data_in(client.get(update.get_absolute_url()))
    korean = data_in(client.get(f"/ko/bucheon/updates/{update.pk}/"))

    assert english["headline"] == update.title
    assert english["datePublished"] == update.published_at.isoformat()
    assert english["image"][0].startswith(settings.SITE_URL)
    assert korean["headline"] == "시장이 답했습니다"
    assert korean["author"]["@type"] == "Organization"


def test_other_pages_have_none_since_nobody_reads_it(client):
    make_campaign()

    assert "ld+json" not in client.get("/campaign-1/").text
