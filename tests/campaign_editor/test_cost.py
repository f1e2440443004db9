"""How much the guided form asks of the database."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from tests.campaign_editor.forms import LETTER, WHOLE, make, page_of
from tests.staff.forms import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bo")]


@pytest.fixture
def campaign(client):
    return make(client, **WHOLE, **LETTER)


def save(client, campaign, **changes):
    """Press “save”; returns the statements of that."""
    fields = fields_of(client.get(page_of(campaign)))
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(page_of(campaign), {**fields, **changes, "save": ""})
    assert answer.status_code == 302
    return [one["sql"] for one in asked]


def give_many_rows(campaign):
    for number in range(5):
        campaign.readings.create(title="Read", url="https://a.example", order=number)
        campaign.milestones.create(kind="other", words="Then")
        campaign.letter.recipient_list.recipients.create(
            office=f"Ward {number}", email=f"ward{number}@council.example"
        )


def test_saving_many_rows_asks_as_much_as_saving_few(client, campaign):
    new = {"title": "Save the foxes now", "letter-subject": "Please help now"}
    few = save(client, campaign, **new)

    give_many_rows(campaign)
    new = {"title": "Save all the foxes", "letter-subject": "Please help them all"}
    many = save(client, campaign, **new)

    # One of them asks whether the address is that of a text in another language, one
    # which of its texts have images of their own, one whether the ask is another
    # one, two read what was seen elsewhere
    # for the versions of the petition, and six give the campaign's own list
    # of recipients the name of the new title.
    assert len(many) == len(few) <= 64
    few = save(client, campaign, **{"letter-subject": "Please help"})
    assert len(few) <= 57
    assert Campaign.objects.get().title == "Save all the foxes"
    assert campaign.readings.count() == 5


def test_what_is_stored_is_read_before_and_after_saving_and_no_third_time(
    client, campaign
):
    give_many_rows(campaign)

    asked = save(client, campaign, summary="Ask the council to help them.")

    read = Counter(sql for sql in asked if sql.startswith("SELECT"))
    assert [sql for sql, times in read.items() if times > 2] == []
