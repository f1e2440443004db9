"""The days and hours that people read are those of the campaign, on every page."""

from datetime import UTC

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from tests.factories import (
    make_campaign,
    make_comment,
    make_follow,
    make_letter,
    make_petition,
    sign,
)
from tests.letters.makers import confirmed
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db


def test_what_one_person_did_is_of_one_day_wherever_it_is_read(client, mailbox, work):
    now = timezone.now().astimezone(UTC)
    # In one of them it is another day now than in universal time.
    zone = "Pacific/Kiritimati" if now.hour >= 10 else "Pacific/Midway"
    campaign = make_campaign(timezone=zone)
    there = date_format(campaign.today, "DATE_FORMAT")
    utc = date_format(now.date(), "DATE_FORMAT")
    consents = [("signature", "I ask for it.", "1")]
    signature = sign(make_petition(campaign), consents=consents)
    signature.confirm()
    letter = confirmed(make_letter(campaign))
    comment = make_comment(campaign, created_at=now)
    make_follow(campaign).stop()
    work()

    acts, records = client.get(enter(client, mailbox, work)).text.split('id="consents"')
    for words in ("Signed on", "Written on", "Stopped on"):
        assert f"{words} {there}" in acts
    assert utc not in acts
    assert f"You agreed on {there}." in records
    # A mail belongs to no campaign: its day is the site's. No two clocks stand there.
    assert f"Sent on {utc}." in records
    assert " time)" not in acts + records
    assert "UTC" not in acts + records
    for address in (
        signature.done_url,
        letter.done_url,
        "/campaign-1/",
        f"/campaign-1/comments/{comment.pk}/report/",
    ):
        # A letter leaves by the clocks of its office.
        page = client.get(address).text.replace(f"probably on {utc}", "")
        assert there in page, address
        assert utc not in page, address
