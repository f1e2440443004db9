"""Bo sees the page as it would be, and nothing is saved by looking."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import serializers

from campaigns.models import Campaign, CampaignRole, Reading
from letters.models import RecipientList, SuggestedLetter
from petitions.models import Petition
from tests.campaign_editor.forms import LETTER, NEW, WHOLE, make, page_of, press
from tests.campaign_editor.test_story_pictures import photo
from tests.factories import make_recipients, make_staff
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bo(client, media):
    client.force_login(make_staff("bo", "Campaigners"))


def stored():
    """All that a campaign consists of, as it is in the database."""
    models = (Campaign, Petition, SuggestedLetter, RecipientList, Reading)
    rows = [row for model in models for row in model.objects.order_by("pk")]
    return serializers.serialize("json", rows)


def look(client, page, **changes):
    answer = client.post(f"{page}preview/", fields_of(client.get(page)) | changes)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("button", ["save", "publish"])
def test_the_page_shows_what_is_typed_and_stores_nothing(client, media, button):
    press(client, button=button, **WHOLE, **LETTER)
    page = page_of(Campaign.objects.get())
    before, files = stored(), set(media.rglob("*.*"))

    shown = look(
        client,
        page,
        title="Red foxes",
        story="<p>In a wood.</p><script>alert(1)</script>",
        summary="",
        closes="2020-01-01T10:00",
        **{
            "petition-ask": "I ask for a wood.",
            "letter-subject": "A wood for foxes",
            "reading-0-title": "A report",
            "letter-lines": "Clerk, clerk@council.example\nNobody, nobody@",
            **photo(0),
            "new_picture-kept": "\0",
        },
    )

    for words in ("Red foxes", "In a wood.", "I ask for a wood.", "A wood for foxes"):
        assert words in shown
    assert "clerk@council.example" in shown
    assert '<fieldset class="draft-page" disabled>' in shown
    assert "New pictures show when you save." in shown  # without a script
    assert "<script>alert" not in shown
    assert (stored(), set(media.rglob("*.*"))) == (before, files)


def test_a_new_campaign_has_a_preview_before_it_is_stored(client):
    assert "Foxes" in look(client, NEW, title="Foxes")
    assert not Campaign.objects.exists()


def test_a_list_of_other_campaigns_is_not_shown_to_who_may_not_see_it(client):
    campaign = make(client, **WHOLE, **LETTER)
    chosen = {"letter-recipients": str(make_recipients(1, name="Others").pk)}
    assert "ward1@council.example" in look(client, page_of(campaign), **chosen)

    ed = make_staff("ed")
    group = Group.objects.get(name="Campaigners")
    CampaignRole.objects.create(user=ed, group=group, campaign=campaign)
    client.force_login(ed)

    shown = look(client, page_of(campaign), **chosen)
    assert "ward1@council.example" not in shown
    assert "mayor@council.example" in shown


def test_a_preview_says_draft_until_the_campaign_is_open(client):
    def state():
        return re.search(
            '<p class="status.*?<b>(.*?)</b>', look(client, page), re.DOTALL
        )[1]

    page = page_of(make(client, **WHOLE))
    assert state() == "Draft"

    press(client, page, "publish")

    assert state() == "Open"


def test_only_who_may_edit_sees_it_and_only_by_posting(client):
    page = page_of(make(client, title="Foxes"))
    assert client.get(f"{page}preview/").status_code == 405

    client.force_login(make_staff("cy", "Moderators"))

    for path in (page, NEW):
        assert client.post(f"{path}preview/").status_code == 403
