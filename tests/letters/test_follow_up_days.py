"""After which days the receipt offers a follow-up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from letters.models import Delivery
from letters.recipients.office_hours import OfficeHours
from tests.factories import (
    make_campaign,
    make_letter,
    make_recipients,
    make_stance,
)
from tests.letters.makers import confirmed
from tests.letters.test_follow_up import (
    BUTTON,
    LOS_ANGELES,
    handed_over,
    offered,
    press,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggested():
    return make_letter(make_campaign(closes_at=timezone.now() + timedelta(days=600)))


@pytest.fixture
def letter(suggested):
    return handed_over(confirmed(suggested))


@pytest.mark.parametrize(
    ("handed_over", "number", "begins"),
    [
        # A Thursday; ten workdays later it is Thursday, and Friday begins.
        ("2030-02-21 15:30", 10, "2030-03-08 00:00"),
        # Over the Sunday on which clocks go forward, and the one when they go back.
        ("2030-03-07 23:30", 10, "2030-03-22 00:00"),
        ("2030-10-31 00:10", 3, "2030-11-06 00:00"),
        # On a Saturday, and late on a Friday, when it is Saturday elsewhere.
        ("2030-03-09 12:00", 1, "2030-03-12 00:00"),
        ("2030-03-08 23:59", 1, "2030-03-12 00:00"),
    ],
)
def test_whole_workdays_pass_by_the_clocks_of_the_officials(
    handed_over, number, begins
):
    def there(text):
        return datetime.fromisoformat(text).replace(tzinfo=LOS_ANGELES)

    hours = OfficeHours(LOS_ANGELES)

    after = hours.after_workdays(there(handed_over).astimezone(UTC), number)

    assert after == there(begins)


def test_the_button_comes_when_the_last_of_them_had_the_days(
    client, mailbox, work, time_machine
):
    recipients = make_recipients(2)
    recipients.timezone = "America/Los_Angeles"
    recipients.save()
    time_machine.move_to(datetime(2030, 3, 1, 12, tzinfo=LOS_ANGELES))
    campaign = make_campaign()
    letter = confirmed(make_letter(campaign, recipients=recipients))
    work()
    last = letter.deliveries.last()
    time_machine.move_to(datetime(2030, 3, 4, 17, tzinfo=LOS_ANGELES))
    Delivery.objects.filter(pk=last.pk).update(settled_at=timezone.now())

    seen = []
    for hour, minute, day in ((23, 59, 18), (0, 1, 19)):
        moment = datetime(2030, 3, day, hour, minute, tzinfo=LOS_ANGELES)
        time_machine.move_to(moment)
        seen.append(client.get(letter.done_url).text)
        if day == 18:
            assert press(client, letter).status_code == 409

    assert "here from 19 March 2030." in seen[0]
    assert BUTTON not in seen[0]
    assert f"{BUTTON} 2 officials who have not answered" in seen[1]


@pytest.mark.parametrize(
    ("days", "number"),
    [((None, 10), 3), ((None, 0), 0), ((0, 10), 0), ((30, 0), 0), ((5, 0), 3)],
)
def test_the_campaign_says_after_how_many_days_or_never(
    client, letter, settings, days, number
):
    own, settings.LETTER_FOLLOW_UP_DAYS = days
    type(letter.suggested_letter).objects.update(follow_up_days=own)

    assert offered(client, letter) == number


@pytest.mark.parametrize(
    ("theirs", "the_sites"),
    [("America/Los_Angeles", "Asia/Seoul"), ("", "America/Los_Angeles")],
)
def test_an_evening_answer_counts_on_the_day_of_their_place(
    client, letter, settings, theirs, the_sites
):
    """In UTC it was said the day before the letter, there on the same evening."""
    settings.TIME_ZONE = the_sites
    recipients = letter.suggested_letter.recipient_list
    recipients.timezone = theirs
    recipients.save()
    letter.deliveries.update(settled_at=datetime(2026, 1, 6, 3, 0, tzinfo=UTC))
    first, second, _third = recipients.recipients.all()
    make_stance(letter.suggested_letter, first, "answered", day=date(2026, 1, 5))
    make_stance(letter.suggested_letter, second, "answered", day=date(2026, 1, 4))

    assert offered(client, letter) == 2
