"""On public holidays of its country, nobody is in an office, and no letter leaves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from letters.models import SuggestedLetter
from letters.recipients.office_hours import OfficeHours
from tests.factories import make_campaign, make_letter, make_recipients, prove
from tests.letters.makers import confirmed, unchanged

pytestmark = pytest.mark.django_db


def office(zone):
    return OfficeHours(ZoneInfo(zone))


def at(hours, text):
    return datetime.fromisoformat(text).replace(tzinfo=hours.zone)


@pytest.mark.parametrize(
    ("zone", "asked", "opens"),
    [
        # Christmas, at noon; and from the evening before.
        ("America/New_York", "2030-12-25 12:00", "2030-12-26 09:00"),
        ("America/New_York", "2030-12-24 18:00", "2030-12-26 09:00"),
        # In Germany there is a second day of it, and then comes a Friday.
        ("Europe/Berlin", "2030-12-24 18:00", "2030-12-27 09:00"),
        # 4 July 2026 is a Saturday, so offices are closed on the Friday.
        ("America/Los_Angeles", "2026-07-03 10:00", "2026-07-06 09:00"),
        # New Year's Day of 2028 is a Saturday: its Friday is in the year before.
        ("America/Los_Angeles", "2027-12-31 10:00", "2028-01-03 09:00"),
        # The Liberation Day of Korea, a Sunday, is made up for on the Monday.
        ("Asia/Seoul", "2027-08-16 10:00", "2027-08-17 09:00"),
        # No country has these clocks; and of so late a year nobody knows holidays.
        ("GMT", "2030-12-25 12:00", "2030-12-25 12:00"),
        ("Asia/Seoul", "2999-12-25 12:00", "2999-12-25 12:00"),
    ],
)
def test_an_office_opens_on_the_next_workday_of_its_country(zone, asked, opens):
    hours = office(zone)

    assert hours.next_open(at(hours, asked).astimezone(UTC)) == at(hours, opens)


def test_holidays_are_no_workdays_of_those_to_answer():
    """Over the New Year, Christmas Day of the United States, and a weekend."""
    hours = office("America/New_York")

    after = hours.after_workdays(at(hours, "2030-12-23 10:00"), 10)

    # 24, 26, 27, 30, 31 December, 2, 3, 6, 7, 8 January.
    assert after == at(hours, "2031-01-09 00:00")


@pytest.mark.parametrize(
    ("zone", "asked", "leaves"),
    [
        # Monday is Memorial Day.
        ("America/New_York", "2030-05-24 12:00", "2030-05-28 09:00"),
        ("America/New_York", "2030-05-28 10:00", "2030-06-03 09:00"),
        ("Europe/Berlin", "2030-05-24 12:00", "2030-05-27 09:00"),
    ],
)
def test_a_week_s_mail_goes_on_its_first_workday(zone, asked, leaves):
    hours = office(zone)

    found = hours.next_mail_at(at(hours, asked), is_weekly=True)

    assert found == at(hours, leaves)


@pytest.fixture
def before_christmas(time_machine):
    """A Tuesday in Los Angeles: on the Wednesday, nobody is in the office."""
    time_machine.move_to(datetime(2030, 12, 24, 20, tzinfo=UTC), tick=False)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    campaign = make_campaign(opens_at=long_ago, published_at=long_ago)
    recipients = make_recipients(1)
    recipients.timezone = "America/Los_Angeles"
    recipients.save()
    return make_letter(campaign, recipients=recipients)


def test_an_unchanged_letter_waits_over_a_holiday(
    client, work, relay, before_christmas, move_to
):
    letter = unchanged(before_christmas, "Ada Lovelace")
    prove(client, letter)
    waits = "together with others, probably on 26 December 2030"
    page = before_christmas.get_absolute_url()

    for url in (letter.done_url, page):
        assert waits in " ".join(client.get(url).text.split())
    work()
    move_to(datetime(2030, 12, 25, 18, tzinfo=UTC))
    assert "ward1@council.example" not in [to for _s, to, *_ in relay.taken]
    move_to(datetime(2030, 12, 26, 17, 1, tzinfo=UTC))
    assert "ward1@council.example" in [to for _s, to, *_ in relay.taken]


def test_a_letter_of_its_own_waits_for_its_turn_over_a_holiday(
    client, relay, work, before_christmas, move_to
):
    SuggestedLetter.objects.update(in_office_hours=True)
    before_christmas.refresh_from_db()
    move_to(datetime(2030, 12, 25, 10, tzinfo=ZoneInfo("America/Los_Angeles")))
    letter = confirmed(before_christmas)
    work()

    receipt = client.get(letter.done_url).text

    assert "probably on 26 December 2030" in receipt
