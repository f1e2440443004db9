"""A campaign that is open after its event: staff hear of it, and its page says so."""

from datetime import timedelta

import pytest

from campaigns.models import Campaign, Milestone
from tests.factories import make_campaign, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TO_DO = "still open, but its event is over: write an update, or close it"


def make(last_day, **fields):
    """An open campaign whose event ends so many days from today, on its own clocks."""
    today = Campaign(timezone="America/Los_Angeles").today
    dates = {"event_starts": today + (last_day - 2) * DAY, "event_name": "Visit"}
    dates["event_ends"] = today + last_day * DAY
    return make_campaign(timezone="America/Los_Angeles", **{**dates, **fields})


@pytest.fixture
def desk(client):
    """A function that returns the first page of a campaigner's desk."""
    user = make_staff("bo", "Campaigners")

    def read():
        client.force_login(user)
        return client.get("/admin/").text

    return read


@pytest.mark.parametrize(("last_day", "is_over"), [(-1, True), (0, False), (3, False)])
def test_an_event_is_over_on_the_day_after_it(client, desk, last_day, is_over):
    campaign = make(last_day)

    assert ("(over)" in client.get(campaign.get_absolute_url()).text) is is_over
    assert (TO_DO in desk()) is is_over


def test_an_event_of_one_day_has_no_other_end(client):
    campaign = make(-1, event_ends=None)

    assert "(over)" in client.get(campaign.get_absolute_url()).text


def test_the_task_leads_to_the_campaign_and_names_it(desk):
    campaign = make(-1, title="Bo’s visit")

    shown = desk()

    assert f'href="/admin/editor/campaigns/{campaign.pk}/home/"' in shown
    assert "Bo’s visit" in shown


def test_several_such_campaigns_are_one_task(desk):
    make(-1)
    make(-3)

    shown = desk()

    assert "campaigns are still open, but their events are over" in shown
    assert 'href="/admin/campaigns/campaign/"' in shown


def test_the_task_is_done_when_the_page_says_what_happened(desk):
    campaign = make(-1)
    kind, day = Milestone.Kind.REACHED, campaign.today
    Milestone.objects.create(campaign=campaign, kind=kind, day=day)
    before = campaign.event_starts - DAY
    Milestone.objects.create(campaign=campaign, kind="other", day=before)
    assert TO_DO in desk()

    Milestone.objects.create(campaign=campaign, kind="other", day=campaign.event_ends)

    assert TO_DO not in desk()


def test_the_task_is_done_when_the_campaign_is_closed(client, desk):
    campaign = make(-1)

    campaign.close()

    assert TO_DO not in desk()
    assert "(over)" not in client.get(campaign.get_absolute_url()).text
