"""The life of a campaign: extended, handed over, answered, won; and its timeline."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from campaigns.models import Campaign, Milestone
from tests.campaign_editor.forms import page_of, press, whole
from tests.factories import (
    make_campaign,
    make_ended_campaign,
    make_petition,
    make_staff,
)
from tests.staff.forms import change_page, fill_in

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


def look(client, campaign):
    cache.clear()
    return client.get(campaign.get_absolute_url()).text


def test_the_timeline_tells_what_happened_the_newest_first(client):
    campaign = make_ended_campaign()
    campaign.milestones.create(
        kind="delivered",
        day=days_ago(20),
        who="the Mayor of Bakersfield",
        reference="2016/1107-A",
    )
    campaign.milestones.create(
        kind="won", words="The council voted for it.", url="https://city.example/vote"
    )

    page = look(client, campaign)

    said = [
        "Won</h3>",
        "<p>The council voted for it.</p>",
        "https://city.example/vote",
        "The campaign ended",
        "Handed over to the Mayor of Bakersfield",
        "Reference number: <bdi>2016/1107-A</bdi>",
        "The campaign began</h3>",
    ]
    places = [page.index(words) for words in said]
    assert places == sorted(places)
    assert "<b>Won</b>" in page


def test_what_happened_on_one_day_stands_in_the_order_of_a_life(client):
    campaign = make_campaign(opens_at=timezone.now())
    for kind in ("won", "reached", "delivered", "answered", "other"):
        campaign.milestones.create(kind=kind, day=campaign.today)
    campaign.close("They agreed.")

    page = look(client, campaign)

    titles = re.findall(r"<h3>([^<]+)</h3>", page[page.index("What has happened") :])
    assert titles[:7] == [
        *("Won", "Answered", "Handed over", "The campaign ended"),
        *("Something else", "Goal reached", "The campaign began"),
    ]
    assert "<b>Won</b>" in page


def test_until_when_one_can_act_is_said_once_and_only_while_one_can(client):
    campaign = make_campaign()
    feed = "/campaign-1/updates/feed/"
    for weeks in (1, 2):
        before = Campaign.objects.get(pk=campaign.pk)
        campaign.closes_at += timedelta(weeks=weeks)
        campaign.save()
        campaign.note_new_close(before)

    for told in (look(client, campaign), client.get(feed).text):
        assert told.count("Closing day moved") == 1
        last = date_format(campaign.closes_on, "DATE_FORMAT")
        assert f"You can sign and write until {last}." in told

    campaign.close("It is won.")

    for told in (look(client, campaign), client.get(feed).text):
        assert "Closing day moved" not in told
        assert "You can sign and write" not in told


def test_a_campaign_without_a_past_has_no_timeline(client):
    assert "What has happened" not in look(client, make_campaign())


def test_an_answer_that_is_due_is_waited_for_in_public(client):
    campaign = make_campaign()
    asked = campaign.milestones.create(
        kind="delivered", day=days_ago(10), due_on=days_ago(-4)
    )
    assert "An answer is due by" in look(client, campaign)

    asked.due_on = days_ago(1)
    asked.save()
    assert "We have none so far." in look(client, campaign)

    campaign.milestones.create(kind="answered", who="the Mayor", words="Yes.")
    page = look(client, campaign)
    assert "due by" not in page
    assert "Answered by the Mayor" in page


def test_the_home_page_says_how_campaigns_ended(client):
    make_ended_campaign().milestones.create(kind="won")
    make_ended_campaign().milestones.create(kind="answered")
    make_ended_campaign()

    page = client.get("/").text

    for word in ("Won", "Answered", "Ended"):
        assert f"<b>{word}</b>" in page


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"day": -2}, "a day that is not in the future"),
        ({"kind": "won", "due_on": 0}, "Choose “Handed over”"),
        ({"due_on": 9}, "cannot be due before"),
    ],
)
def test_a_milestone_that_cannot_be_is_refused_with_a_sentence(fields, reason):
    fields = {"kind": "delivered", "day": 0, **fields}
    for name in fields.keys() & {"day", "due_on"}:
        fields[name] = days_ago(fields[name])
    milestone = Milestone(campaign=make_campaign(), **fields)

    with pytest.raises(ValidationError, match=reason):
        milestone.full_clean()


def test_who_moves_the_close_extends_the_campaign(client):
    campaign = whole()
    client.force_login(make_staff("bo", "Campaigners"))
    later = campaign.closes_at + timedelta(days=7)

    press(client, page_of(campaign), closes=f"{later:%Y-%m-%dT%H:%M}")

    assert [m.kind for m in campaign.milestones.all()] == ["extended"]
    page = look(client, campaign)
    assert "Closing day moved" in page
    campaign.refresh_from_db()
    day = date_format(campaign.closes_on, "DATE_FORMAT")
    assert f"You can sign and write until {day}." in page


def test_an_outcome_has_its_day_and_source_wherever_it_is_read(client):
    campaign = make_petition(
        outcome="The council listened.",
        outcome_day=days_ago(3),
        outcome_url="https://city.example/vote",
    ).campaign
    feed, live = "/campaign-1/updates/feed/", "/campaign-1/count.json"
    assert "The council listened." not in look(client, campaign)
    assert "The council listened." not in client.get(feed).text
    assert client.get(live).json()["results"] == []

    campaign.close("It is won.")

    page = look(client, campaign)
    for words in (
        "<p>The council listened.</p>",
        f'<time datetime="{days_ago(3)}">',
        'href="https://city.example/vote"',
    ):
        assert words in page
    entry = client.get(feed).text
    for words in ("The result", "The council listened.", "city.example/vote"):
        assert words in entry
    assert f"<published>{days_ago(3)}T12:00:00" in entry
    assert client.get(live).json()["results"] == [
        {
            "kind": "outcome",
            "title": "The result",
            "text": "The council listened.",
            "day": f"{days_ago(3)}",
            "source": "https://city.example/vote",
        }
    ]


def test_an_outcome_without_a_day_is_of_the_day_on_which_it_was_written(client):
    campaign = make_ended_campaign(timezone="Asia/Seoul", outcome="We won.")

    campaign.refresh_from_db()
    assert campaign.outcome_day == campaign.today


def test_the_feed_leads_to_each_milestone_on_the_page(client):
    campaign = make_campaign()
    won = campaign.milestones.create(kind="won", url="https://city.example/vote")

    entry = client.get("/campaign-1/updates/feed/").text

    assert f"/campaign-1/#{won.anchor}" in entry
    assert "https://city.example/vote" in entry
    assert f'id="{won.anchor}"' in look(client, campaign)


def test_an_outcome_has_come_before_it_is_told(client):
    campaign = make_campaign(title="Foxes", slug="foxes")
    client.force_login(make_staff("bo", "Campaigners"))
    tomorrow = f"{campaign.today + timedelta(days=1):%Y-%m-%d}"

    page = fill_in(
        client,
        change_page("/admin/campaigns/campaign/", campaign),
        outcome="They stop.",
        outcome_day=tomorrow,
    )

    assert "Enter a day that is not in the future." in page.text
    assert "They stop." in page.text
    campaign.refresh_from_db()
    assert campaign.outcome_day is None
