"""The letter of the guided form, its recipients and what stands in rows."""

import pytest

from campaigns.models import Campaign
from comments.models import Thread
from letters.models import RecipientList
from tests.campaign_editor.forms import (
    LETTER,
    WHOLE,
    done,
    make,
    page_of,
    press,
    send,
)
from tests.factories import make_letter, make_recipients

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bo")]


def test_a_list_that_others_use_is_chosen_and_stays_as_it_is(client):
    known = make_recipients(2, name="Council")
    make_letter(recipients=known)
    chosen = {"letter-recipients": str(known.pk), "letter-addressed_as": "them all"}

    refused = send(client, **WHOLE, **{**LETTER, **chosen})
    assert "Other campaigns use this list, too" in refused.text
    nobody = {"letter-lines": ""}
    campaign = make(client, **WHOLE, **{**LETTER, **chosen, **nobody})

    known.refresh_from_db()
    assert campaign.letter.recipient_list == known
    assert known.addressed_as == "the Mayor and the Council"
    assert known.recipients.count() == 2
    # From an own list to that one: an empty list stays behind nowhere.
    other = make(client, **{"letter-subject": "Help"})
    press(client, page_of(other), **{"letter-recipients": str(known.pk)})
    assert list(RecipientList.objects.all()) == [known]


def test_without_a_letter_and_with_what_stands_in_rows(client):
    campaign = make(
        client,
        **{
            "letter-subject": "Help",
            "reading-0-title": "A report",
            "reading-0-url": "https://news.example/a",
            "reading-2-title": "A law",
            "comments": "",
        },
    )
    assert [r.title for r in campaign.readings.all()] == ["A report", "A law"]
    assert Thread.objects.get(campaign=campaign).closed_at

    press(
        client,
        page_of(campaign),
        comments="on",
        **{"letter-subject": "", "reading-0-title": "", "reading-0-url": ""},
    )
    campaign = Campaign.objects.get()
    assert [r.title for r in campaign.readings.all()] == ["A law"]
    assert not hasattr(campaign, "letter")
    assert not RecipientList.objects.exists()
    assert not Thread.objects.get().closed_at


def test_a_test_of_the_letter_is_sent_and_ticked(client, mailbox, work):
    campaign = make(client, **WHOLE, **LETTER)
    press(client, page_of(campaign), button="test")
    work()

    assert mailbox.last()["To"] == "bo@group.example"
    assert "test" in done(client.get(page_of(campaign)))
    page = send(client, page_of(campaign), **{"letter-subject": "Other words"})
    assert "test" not in done(page)
