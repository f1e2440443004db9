"""A copy of a campaign, made from the page of a new one."""

import pytest

from campaigns.models import Campaign
from tests.campaign_editor.forms import COPY, NEW, page_of
from tests.factories import make_letter, make_petition
from tests.factories import sign as make_signature

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("bo"),
]


def test_a_copy_takes_the_texts_and_nothing_that_people_did(client):
    petition = make_petition(title="Foxes", slug="foxes", outcome="Won.", summary="S")
    letter = make_letter(petition.campaign)
    petition.campaign.readings.create(title="A report")
    make_signature(petition).confirm()
    petition.campaign.make_draft_link()
    petition.campaign.close("They have decided.")

    assert "Copy it" in client.get(NEW).text
    page = client.post(COPY, {"campaign": petition.campaign_id}, follow=True)

    new = Campaign.objects.exclude(pk=petition.campaign_id).get()
    assert (new.slug, new.title, new.outcome) == ("foxes-2", "Foxes", "")
    assert (new.closed_at, new.end_reason) == (None, "")
    assert (new.published_at, new.closes_at, new.draft_key) == (None, None, "")
    assert new.petition.ask == petition.ask
    assert new.petition.signatures.count() == 0
    assert new.letter.recipient_list == letter.recipient_list
    assert new.readings.get().title == "A report"
    assert page.redirect_chain[-1][0] == page_of(new)
    assert petition.campaign.readings.count() == 1


def test_a_copy_of_nothing_is_not_found(client):
    for pk in ("", "x", "999", "²", "9" * 30):
        assert client.post(COPY, {"campaign": pk}).status_code == 404
