"""Bo edits a campaign, and enters what came of it."""

import pytest

from campaigns.models import Campaign
from tests.campaign_editor.forms import page_of, press, send, whole
from tests.factories import make_campaign, make_staff
from tests.staff.forms import change_page, fields_of, fill_in

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def test_the_story_is_cleaned_when_it_is_saved(client):
    press(
        client,
        page_of(whole()),
        story='<p onclick="x()">Safe <script>alert(1)</script>'
        '<a href="javascript:x()">link</a><img src=x onerror=x()></p>',
    )

    page = client.get("/campaign-1/").text
    assert "Safe" in page
    for danger in ("alert(1)", "onclick", "javascript:", "onerror", "<img src=x"):
        assert danger not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "admin"}, "The site itself uses this address. Choose another."),
        ({"slug": "en"}, "The site itself uses this address. Choose another."),
        ({"timezone": "Bucheon"}, "Enter a time zone"),
        (
            {"opens": "2099-01-02T00:00", "closes": "2099-01-01T00:00"},
            "The campaign must close after it opens.",
        ),
        (
            {"event_starts": "2016-11-08", "event_ends": "2016-11-02"},
            "The event must end on or after its start.",
        ),
        ({"event_ends": "2016-11-02"}, "The event must end on or after its start."),
        ({"title": "x" * 161}, "at most 160 characters"),
    ],
)
def test_a_campaign_with_a_slip_is_refused_in_words(client, changes, sentence):
    campaign = whole()

    page = send(client, page_of(campaign), **changes)

    assert page.status_code == 422
    assert sentence in page.text
    assert Campaign.objects.get().updated_at == campaign.updated_at


def test_a_draft_is_not_published_by_the_page_of_its_result(client):
    draft = make_campaign(published_at=None)
    path = change_page(CAMPAIGNS, draft)
    assert "published_at" not in client.get(path).text

    client.post(path, fields_of(client.get(path)) | {"published_at": "2026-01-01"})

    assert not Campaign.objects.get().is_published


def test_the_history_names_who_changed_what(client, bo):
    campaign = make_campaign()
    fill_in(client, change_page(CAMPAIGNS, campaign), outcome="They stop.")

    page = client.get(f"{CAMPAIGNS}{campaign.pk}/history/")

    assert "Changed Outcome" in page.text
    assert "bo" in page.text
