"""When a campaign is a draft, coming, open or ended, and who sees what then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.template import Context, Template
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import override

from campaigns.models import Campaign
from tests.factories import (
    make_campaign,
    make_ended_campaign,
    make_letter,
    make_petition,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGES = ["", "signatures/", "signatures/thanks/", "letter/", "letter/sent/"]
FORMS = ["signatures/", "letter/"]


def now():
    return timezone.now()


# How far ahead of now each field is.
STATES = {
    "draft": {"published_at": None},
    "published later": {"published_at": HOUR},
    "opens later": {"opens_at": HOUR},
    "closed by hand before it was published": {
        "published_at": None,
        "closed_at": -HOUR,
    },
    "open": {},
    "open without an end": {"closes_at": None},
    "ended": {"closes_at": -HOUR},
    "closed by hand": {"closed_at": -HOUR},
}

HIDDEN = list(STATES)[:4]
OPEN = list(STATES)[4:6]
ENDED = list(STATES)[6:]


def make(state, **fields):
    moments = {name: far and now() + far for name, far in STATES[state].items()}
    return make_campaign(**moments, **fields)


@pytest.mark.parametrize("state", STATES)
def test_the_querysets_and_the_properties_agree(state):
    campaign = make(state)

    found = Campaign.objects
    assert found.published().exists() is campaign.is_published is (state not in HIDDEN)
    assert found.open().exists() is campaign.is_open is (state in OPEN)
    assert found.ended().exists() is (campaign.is_published and campaign.has_ended)
    assert found.ended().exists() is (state in ENDED)


@pytest.mark.parametrize("state", HIDDEN)
def test_what_is_not_published_is_a_404_on_every_address(client, state):
    campaign = make(state, title="A secret plan")
    make_letter(campaign)
    make_petition(campaign)

    answers = [client.get(f"/campaign-1/{page}") for page in PAGES]
    answers += [client.post(f"/campaign-1/{page}") for page in FORMS]

    for answer in answers:
        assert answer.status_code == 404
        assert "A secret plan" not in answer.text
    for page in ("/", "/sitemap.xml"):
        assert "campaign-1" not in client.get(page).text


@pytest.mark.parametrize("state", [*OPEN, *ENDED])
def test_what_is_published_can_be_read(client, state):
    campaign = make(state, title="A public plan")
    make_petition(campaign)

    assert "A public plan" in client.get("/campaign-1/").text
    assert "A public plan" in client.get("/").text


def test_a_moderator_closes_at_once_and_closing_twice_keeps_the_first_moment():
    campaign = make_campaign()

    campaign.close()
    first = campaign.closed_at
    campaign.close()

    assert campaign.closed_at == first
    assert not campaign.is_open
    assert campaign.ended_at == first


@pytest.mark.parametrize(
    ("zone", "moment", "left"),
    [
        # It closes on 10 December, 00:00 in Los Angeles: the 9th is the last day.
        ("America/Los_Angeles", datetime(2026, 12, 8, 7, 59, tzinfo=UTC), 2),
        ("America/Los_Angeles", datetime(2026, 12, 8, 8, 0, tzinfo=UTC), 1),
        ("America/Los_Angeles", datetime(2026, 12, 10, 7, 59, tzinfo=UTC), 0),
        # In Seoul the same moment is the 10th, 17:00.
        ("Asia/Seoul", datetime(2026, 12, 8, 14, 59, tzinfo=UTC), 2),
        ("Asia/Seoul", datetime(2026, 12, 9, 14, 59, tzinfo=UTC), 1),
        ("Asia/Seoul", datetime(2026, 12, 9, 15, 0, tzinfo=UTC), 0),
        ("UTC", datetime(2027, 1, 1, tzinfo=UTC), 0),
    ],
)
def test_days_are_counted_in_the_campaigns_own_time_zone(
    time_machine, zone, moment, left
):
    time_machine.move_to(moment, tick=False)
    closes_at = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)

    campaign = Campaign(timezone=zone, closes_at=closes_at)

    assert campaign.days_left == left


def test_a_campaign_without_an_end_has_no_days_left():
    assert Campaign(closes_at=None).days_left is None


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, "Open"),
        (timedelta(days=3), "Open: 3 days left"),
        (timedelta(days=1), "Open: 1 day left"),
        (timedelta(minutes=1), "Open: last day"),
        (-HOUR, "Ended"),
    ],
)
def test_the_page_says_how_long_it_is_open(client, time_machine, left, words):
    noon = now().replace(hour=12)
    time_machine.move_to(noon, tick=False)
    make_campaign(opens_at=noon - timedelta(days=99), closes_at=left and noon + left)

    assert f"<b>{words}</b>" in client.get("/campaign-1/").text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2016, 11, 2), date(2016, 11, 8), "2–8 November 2016"),
        (date(2016, 11, 2), date(2016, 11, 2), "2 November 2016"),
        (date(2016, 11, 2), None, "2 November 2016"),
        (date(2016, 10, 30), date(2016, 11, 2), "30 October 2016 – 2 November 2016"),
        (date(2015, 11, 2), date(2016, 11, 8), "2 November 2015 – 8 November 2016"),
        (None, None, ""),
    ],
)
def test_the_dates_of_an_event_read_as_people_say_them(first, last, words):
    campaign = Campaign(event_starts=first, event_ends=last)

    shown = Template("{% load campaigns %}{% event_dates c %}").render(
        Context({"c": campaign})
    )

    assert strip_tags(shown) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "2.–8. November 2016"),
        ("es", "2–8 de noviembre de 2016"),
        ("ja", "2016年11月2日 – 2016年11月8日"),
    ],
)
def test_the_dates_of_an_event_read_as_its_language_writes_them(language, words):
    days = {"event_starts": date(2016, 11, 2), "event_ends": date(2016, 11, 8)}
    with override(language):
        shown = Template("{% load campaigns %}{% event_dates c %}").render(
            Context({"c": Campaign(**days)})
        )

    assert strip_tags(shown) == words


@pytest.mark.parametrize(
    "fields",
    [
        {"closes_at": now() - timedelta(days=31)},
        {"event_starts": date(2016, 11, 8), "event_ends": date(2016, 11, 2)},
        {"event_ends": date(2016, 11, 2)},
    ],
)
def test_the_database_refuses_what_ends_before_it_begins(fields):
    with pytest.raises(IntegrityError):
        make_campaign(**fields)


def test_the_page_of_an_ended_campaign_shows_what_came_of_it_and_no_form(client):
    campaign = make_ended_campaign(outcome="The council listened.\n\nIt voted.")
    petition = make_petition(campaign, ask="Please listen.")
    make_letter(campaign)

    page = client.get("/campaign-1/")

    assert "<b>Ended</b>" in page.text
    assert "<title>Ended: " in page.text
    assert "<p>The council listened.</p>\n<p>It voted.</p>" in page.text
    assert petition.ask in page.text
    assert page.text.count("<form") == page.text.count('class="follow-form"') == 1
    assert "letter-composer" not in page.text
    assert "The letter people sent" in page.text
    assert "<strong>0</strong> people signed" in page.text


def test_the_outcome_waits_for_the_end(client):
    campaign = make_campaign(outcome="The council listened.")
    before = client.get("/campaign-1/").text
    cache.clear()

    campaign.close()

    assert "The council listened." not in before
    assert "The council listened." in client.get("/campaign-1/").text
