"""Which country stands first in the list of countries."""

import re

import pytest

from pages.countries import CountrySelect, codes, country_of_clocks
from tests.answers import new_browser
from tests.factories import make_campaign, make_petition

pytestmark = pytest.mark.django_db


def listed(html):
    return re.findall(r'<option value="([A-Z]*)"', html)


@pytest.mark.parametrize(
    ("timezone", "first"),
    [("Asia/Seoul", "KR"), ("Europe/Lisbon", "PT"), ("UTC", "AF"), ("Nowhere", "AF")],
)
def test_the_country_of_the_campaigns_clocks_stands_first(timezone, first):
    make_petition(make_campaign(timezone=timezone))

    for path in ("/campaign-1/", "/campaign-1/signatures/"):
        options = listed(new_browser().get(path).text)
        assert options[:2] == ["", first]
        assert len(options) == len(set(options)) == len(codes()) + 1


def test_it_stands_first_also_in_a_form_that_comes_back():
    make_petition(make_campaign(timezone="Asia/Seoul"))

    page = new_browser().post("/campaign-1/signatures/", {"country": "DE"}).text

    assert listed(page)[1] == "KR"
    assert '<option value="DE" selected>' in page


def test_the_likely_country_can_be_the_chosen_one():
    widget = CountrySelect()
    widget.likely = "KR"
    options = widget.render("country", "KR")

    assert listed(options)[:2] == ["", "KR"]
    assert options.count("selected") == 1


def test_a_time_zone_of_no_country_has_none():
    assert [country_of_clocks(zone) for zone in ("UTC", "Etc/GMT+3", "")] == [""] * 3
