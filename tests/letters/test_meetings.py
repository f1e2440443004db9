"""A meeting of the officials: whether a letter sent now is in time, by their clocks."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError

from campaigns.local_time import at_the_place
from tests.factories import make_campaign, make_letter, make_staff
from tests.staff.forms import fill_in

pytestmark = pytest.mark.django_db
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def at(text):
    """This time in Bakersfield, as a moment."""
    return datetime.fromisoformat(text).replace(tzinfo=LOS_ANGELES)


def make_meeting(letter, **fields):
    return letter.meetings.create(
        **{
            "name": "City Council",
            "place": "City Hall",
            "timezone": "America/Los_Angeles",
            "starts_at": at("2030-03-12 17:15"),
            "letters_until": at("2030-03-12 13:00"),
            "agenda_item": "Item 8.b",
            "afterwards": "Come and speak: three minutes each.",
            **fields,
        }
    )


@pytest.fixture
def letter():
    return make_letter(make_campaign(closes_at=at("2035-01-01 00:00")))


def words(client, letter, moment):
    """What the action page and the letter's own page say of meetings at this moment."""
    cache.clear()
    pages = set()
    with time_machine.travel(at(moment), tick=False):
        for address in (letter.campaign.get_absolute_url(), letter.get_absolute_url()):
            page = client.get(address).text
            found = re.findall(r'<ul class="meetings".*?</ul>', page, re.S)
            pages.add(" ".join(re.sub("<[^>]+>", " ", " ".join(found)).split()))
    [said] = pages
    return said


def test_the_pages_say_whether_a_letter_sent_now_is_in_time_and_what_to_do_after(
    client, letter
):
    make_meeting(letter)
    make_meeting(letter, name="Next Council", agenda_item="", **days_later(14))

    before = words(client, letter, "2030-03-12 12:44")
    after = words(client, letter, "2030-03-12 12:46")

    assert before == (
        "City Council Tuesday, 12 March 2030, 17:15 (Los Angeles time) · City Hall "
        "· Item 8.b A letter in your own words is in time if you send it now. They "
        "accept letters for it until Tuesday, 12 March 2030, 13:00 (Los Angeles "
        "time). An unchanged letter leaves later, together with others."
    )
    assert after.startswith("City Council Tuesday, 12 March 2030, 17:15")
    assert "It is too late for this meeting’s papers." in after
    assert "Come and speak: three minutes each." in after
    # The one to write for now stands below.
    assert "Next Council Tuesday, 26 March 2030, 17:15" in after
    assert after.count("Your letter is in time if you send it now.") == 1
    assert words(client, letter, "2030-03-12 17:16").startswith("Next Council")
    assert words(client, letter, "2030-03-26 17:16") == ""


def test_without_a_cut_off_letters_are_in_time_until_it_begins(client, letter):
    make_meeting(letter, letters_until=None)

    assert "in time" in words(client, letter, "2030-03-12 16:59")
    assert "too late" in words(client, letter, "2030-03-12 17:01")


def test_times_are_those_of_the_place_also_around_the_change_of_clocks():
    # 10 March 2030: 2:00 becomes 3:00. 3 November 2030: 2:00 becomes 1:00.
    with pytest.raises(ValidationError, match="this time does not exist"):
        at_the_place(typed("2030-03-10 02:30"), LOS_ANGELES)
    before, after = (
        at_the_place(typed(f"2030-03-{day} 17:15"), LOS_ANGELES) for day in ("09", "10")
    )
    assert before.astimezone(UTC).hour == 1
    assert after.astimezone(UTC).hour == 0
    with pytest.raises(ValidationError, match="another year"):
        at_the_place(typed("9999-12-31 23:00"), LOS_ANGELES)
    twice = at_the_place(typed("2030-11-03 01:30"), LOS_ANGELES)
    assert twice.astimezone(UTC) == datetime(2030, 11, 3, 8, 30, tzinfo=UTC)


def test_a_campaigner_types_the_times_of_the_place_and_reads_them_again(client, letter):
    client.force_login(make_staff("cy", "Campaigners"))
    path = f"/admin/letters/suggestedletter/{letter.pk}/change/"
    new = {
        "meetings-TOTAL_FORMS": 1,
        "meetings-0-name": "City Council",
        "meetings-0-timezone": "America/Los_Angeles",
        "meetings-0-starts_at": "2030-03-12T17:15",
    }
    until = "meetings-0-letters_until"

    late = fill_in(client, path, **new, **{until: "2030-03-12T18:00"})
    saved = fill_in(client, path, **new, **{until: "2030-03-12T13:00"})

    assert "cannot be after the meeting begins" in late.text
    assert saved.status_code == 302
    for _again in range(2):  # what is shown is what is meant when it is saved again
        meeting = letter.meetings.get()
        assert meeting.starts_at == at("2030-03-12 17:15")
        assert meeting.cut_off == at("2030-03-12 13:00")
        page = client.get(path).text
        assert 'value="2030-03-12T17:15"' in page
        assert 'value="2030-03-12T13:00"' in page
        assert fill_in(client, path).status_code == 302


def typed(text):
    """A date and time as somebody types them, on whose clocks is not said."""
    return at(text).replace(tzinfo=None)


def days_later(days):
    return {
        "starts_at": at("2030-03-12 17:15") + timedelta(days=days),
        "letters_until": at("2030-03-12 13:00") + timedelta(days=days),
    }
