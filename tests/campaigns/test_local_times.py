"""Staff type and read times on the clocks of the campaign, in every form."""

from datetime import UTC, datetime

import pytest

from campaigns.models import Campaign, Update
from comments.models import Thread
from tests.campaign_editor.forms import page_of, send
from tests.factories import make_campaign, make_petition, make_staff
from tests.staff.forms import change_page, fields_of, fill_in

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"
UPDATES = "/admin/campaigns/update/"
THREADS = "/admin/comments/thread/"
# What the clocks in Los Angeles show, and when that is.
WINTER = ("2035-01-10T00:00", datetime(2035, 1, 10, 8, tzinfo=UTC))
SUMMER = ("2035-07-10T00:00", datetime(2035, 7, 10, 7, tzinfo=UTC))
TWICE = ("2035-11-04T01:30", datetime(2035, 11, 4, 8, 30, tzinfo=UTC))
LEFT_OUT = "2035-03-11T02:30"


@pytest.fixture(autouse=True)
def campaign(client):
    client.force_login(make_staff("bo", is_superuser=True))
    campaign = make_campaign(timezone="America/Los_Angeles", story="<p>Dogs.</p>")
    return make_petition(campaign).campaign


def guided(client, campaign, typed):
    path = page_of(campaign)
    answer = send(client, path, closes=typed)
    return answer, lambda: (Campaign.objects.get().closes_at, path, "closes")


def reopening(client, campaign, typed):
    campaign.close("It is over.")
    path = f"{CAMPAIGNS}{campaign.pk}/ending/"
    answer = client.post(path, {"closes_at": typed, "reopen": ""})
    shown = page_of(campaign)
    return answer, lambda: (Campaign.objects.get().closes_at, shown, "closes")


def update(client, campaign, typed):
    fields = {"campaign": campaign.pk, "title": "News", "text": "<p>Yes.</p>"}
    answer = fill_in(client, f"{UPDATES}add/", publish_at=typed, **fields)

    def stored():
        made = Update.objects.get()
        return made.publish_at, change_page(UPDATES, made), "publish_at"

    return answer, stored


def thread(client, campaign, typed):
    path = f"{THREADS}add/"
    answer = fill_in(client, path, campaign=campaign.pk, closes_at=typed)

    def stored():
        made = Thread.objects.get()
        return made.closes_at, change_page(THREADS, made), "closes_at"

    return answer, stored


FORMS = pytest.mark.parametrize("form", [guided, reopening, update, thread])


@FORMS
@pytest.mark.parametrize("time", [WINTER, SUMMER, TWICE])
def test_a_time_is_that_of_the_campaigns_clocks(client, campaign, form, time):
    typed, moment = time

    _answer, stored = form(client, campaign, typed)

    found, path, field = stored()
    assert found == moment
    page = client.get(path)
    assert fields_of(page)[field] == typed
    assert "In the campaign’s time zone." in page.text
    said = "this hour comes twice. The first counts." in page.text
    assert said is (time is TWICE)


@FORMS
def test_an_hour_that_clocks_leave_out_is_refused_in_words(client, campaign, form):
    answer, _stored = form(client, campaign, LEFT_OUT)

    assert (
        "The clocks go forward that night, so this time does not exist." in answer.text
    )
    assert LEFT_OUT in answer.text


def test_what_nobody_has_touched_keeps_its_very_moment(client, campaign):
    second = datetime(2035, 11, 4, 9, 30, 12, 345, tzinfo=UTC)  # the second 1:30
    Campaign.objects.update(closes_at=second)

    send(client, page_of(campaign), title="New words")

    assert Campaign.objects.get().closes_at == second


def test_lists_and_public_pages_show_the_campaigns_own_day(client, campaign):
    evening = datetime(2025, 7, 10, 2, tzinfo=UTC)  # the 9th in Los Angeles
    Campaign.objects.update(opens_at=evening, published_at=evening, closes_at=None)
    Update.objects.create(
        campaign=campaign,
        title="News",
        text="<p>Yes.</p>",
        publish_at=evening,
        published_at=evening,
    )
    campaign.close("It is over.")

    home = client.get(f"/admin/editor/campaigns/{campaign.pk}/home/").text
    assert "9 Jul 2025" in home
    assert "10 Jul 2025" not in home
    assert "9 Jul 2025, 19:00 PDT" in client.get(UPDATES).text
    for path in ("", "updates/", f"updates/{Update.objects.get().pk}/"):
        page = client.get(f"/campaign-1/{path}").text
        assert ">9 July 2025</time>" in page
        assert ">10 July 2025</time>" not in page


def test_a_milestone_is_of_a_day_that_has_come_where_the_campaign_is(
    client, campaign, time_machine
):
    Campaign.objects.update(timezone="Asia/Seoul")
    time_machine.move_to(datetime(2035, 7, 9, 20, tzinfo=UTC))  # the 10th in Seoul
    campaign.refresh_from_db()
    made = campaign.milestones.model(campaign=campaign, kind="won", day="2035-07-10")

    made.clean_fields()
    made.clean()

    assert str(campaign.today) == "2035-07-10"
