"""Bo makes, edits and closes a campaign in the admin."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from campaigns.models import Campaign
from tests.factories import make_campaign, make_staff
from tests.staff.forms import change_page, fill_in

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def test_a_draft_is_published_with_all_its_fields_and_seen_by_visitors(client):
    made = fill_in(
        client,
        change_page(CAMPAIGNS, make_campaign(published_at=None)),
        title="Save the foxes",
        slug="foxes",
        summary="Ask the council.",
        story="<p>They live <strong>here</strong>.</p>",
        timezone="Europe/Lisbon",
        published_at="2026-01-01T00:00",
        opens_at="2026-01-01T00:00",
    )

    assert made.status_code == 302
    page = client.get("/foxes/")
    assert "<h1>Save the foxes</h1>" in page.text
    assert "<p>They live <strong>here</strong>.</p>" in page.text
    assert "Save the foxes" in client.get("/").text


def test_a_new_campaign_is_a_draft_until_it_is_published(client):
    draft = make_campaign(published_at=None)
    fill_in(client, change_page(CAMPAIGNS, draft), title="Foxes", slug="foxes")

    assert not Campaign.objects.get().is_published
    assert client.get("/foxes/").status_code == 404
    assert "Draft" in client.get(CAMPAIGNS).text


def test_what_bo_changes_shows_on_the_page_and_the_rest_stays(client):
    campaign = make_campaign(outcome="Nothing yet.", timezone="Asia/Seoul")
    before = Campaign.objects.values().get()
    client.get("/campaign-1/")

    saved = fill_in(
        client,
        change_page(CAMPAIGNS, campaign),
        title="New words",
        **{
            "readings-TOTAL_FORMS": "1",
            "readings-0-title": "Read this",
            "readings-0-url": "https://news.example/a",
            "readings-0-order": "0",
        },
    )

    after = Campaign.objects.values().get()
    changed = {name for name in after if after[name] != before[name]}
    cache.clear()
    page = client.get("/campaign-1/").text
    assert saved.status_code == 302
    assert changed <= {"title", "updated_at", "opens_at", "closes_at", "published_at"}
    assert abs(after["closes_at"] - before["closes_at"]) < timedelta(seconds=1)
    assert "<h1>New words</h1>" in page
    assert '<a href="https://news.example/a" rel="noopener">' in page


def test_the_story_is_cleaned_when_it_is_saved(client):
    campaign = make_campaign()

    fill_in(
        client,
        change_page(CAMPAIGNS, campaign),
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
            {"opens_at": "2099-01-02T00:00", "closes_at": "2099-01-01T00:00"},
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
    campaign = make_campaign()

    page = fill_in(client, change_page(CAMPAIGNS, campaign), **changes)

    assert page.status_code == 200
    assert sentence in page.text
    assert Campaign.objects.get().updated_at == campaign.updated_at


def test_the_history_names_who_changed_what(client, bo):
    campaign = make_campaign()
    fill_in(client, change_page(CAMPAIGNS, campaign), title="New words")

    page = client.get(f"{CAMPAIGNS}{campaign.pk}/history/")

    assert "Changed Title" in page.text
    assert "bo" in page.text
