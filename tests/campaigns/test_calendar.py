"""The dates of a campaign, as a calendar program reads them."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from icalendar import Calendar

from letters.models import Meeting
from tests.factories import make_campaign, make_letter

pytestmark = pytest.mark.django_db
PATH = "/campaign-1/calendar.ics"
MEETS = datetime(2031, 4, 9, 0, 15, tzinfo=UTC)  # 17:15 the day before, over there


@pytest.fixture
def campaign():
    return make_campaign(
        title="Kim; visits\nBakersfield",
        timezone="Asia/Seoul",
        event_name="Visit",
        event_starts=date(2031, 4, 1),
        event_ends=date(2031, 4, 7),
        closes_at=datetime(2031, 4, 8, 15, tzinfo=UTC),  # its midnight
    )


def read(client, path=PATH):
    answer = client.get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).events
    return {str(event["UID"]).split("@")[0].split("-")[0]: event for event in events}


def test_its_event_its_end_and_the_meetings_are_in_it(client, campaign):
    Meeting.objects.create(
        letter=make_letter(campaign),
        name="City Council, regular",
        place="1501 Truxtun Avenue",
        timezone="America/Los_Angeles",
        starts_at=MEETS,
        agenda_item="Item 8.b",
    )

    found = read(client)

    event, end, meeting = found["event"], found["end"], found["meeting"]
    title = "Kim; visits Bakersfield"
    assert (event.start, event.end) == (date(2031, 4, 1), date(2031, 4, 8))
    assert event["SUMMARY"] == f"Visit: {title}"
    assert event["URL"] == "http://testserver/campaign-1/"
    assert (end.start, end.end) == (date(2031, 4, 8), date(2031, 4, 9))
    assert end["SUMMARY"] == f"Last day to take part: {title}"
    assert (meeting.start, str(meeting["LOCATION"])) == (MEETS, "1501 Truxtun Avenue")
    assert meeting["DESCRIPTION"] == "Item 8.b"
    page = client.get("/campaign-1/").text
    assert f'<link rel="alternate" type="text/calendar" href="{PATH}">' in page
    assert "Add to my calendar" in client.get("/campaign-1/letter/").text


def test_a_date_that_has_changed_is_the_same_event(client, campaign):
    before = read(client)["end"]

    campaign.closes_at = datetime(2031, 5, 8, 15, tzinfo=UTC)
    campaign.save()
    cache.clear()

    after = read(client)["end"]
    assert after["UID"] == before["UID"]
    assert after.start == date(2031, 5, 8)
    assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt


def test_a_campaign_without_dates_has_no_calendar(client):
    make_campaign(closes_at=None)

    assert client.get(PATH).status_code == 404
    assert "text/calendar" not in client.get("/campaign-1/").text
