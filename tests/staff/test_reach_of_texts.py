"""Who has a role in one campaign reaches no texts in other languages of another."""

import pytest

from campaigns.models import CampaignText
from tests.factories import make_campaign, make_staff, make_text
from tests.staff.forms import fields_of
from tests.staff.test_reach import give

pytestmark = pytest.mark.django_db
TEXTS = "/admin/campaigns/campaigntext/"


@pytest.fixture
def own():
    return make_text(make_campaign(title="Ours"), "ko", title="Ours", slug="ours")


@pytest.fixture
def other():
    return make_text(make_campaign(title="Theirs"), "ko", title="Theirs", slug="theirs")


@pytest.fixture(autouse=True)
def bo(client, settings, own):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("de", "Deutsch")]
    client.force_login(give(make_staff("bo"), own.campaign, "Campaigners"))


def test_the_own_ones_are_there_and_no_others(client, own, other):
    for path in (TEXTS, f"{TEXTS}?q=theirs", f"{TEXTS}?_facets=True"):
        assert "Theirs" not in client.get(path).text
    assert "Ours" in client.get(TEXTS).text
    assert client.get(f"{TEXTS}{own.pk}/preview/").status_code == 200
    assert client.get(f"{TEXTS}{own.pk}/change/").status_code == 200


@pytest.mark.parametrize("page", ["change", "delete", "preview", "history"])
def test_no_page_of_another_campaigns_texts_opens_or_takes_anything(
    client, other, page
):
    path = f"{TEXTS}{other.pk}/{page}/"

    assert client.get(path).status_code == 404
    assert client.post(path, {"post": "yes"}).status_code == 404
    assert CampaignText.objects.get(pk=other.pk).title == "Theirs"


def test_no_texts_are_made_in_another_campaign_or_moved_there(client, own, other):
    form = f"{TEXTS}{own.pk}/change/"
    opened = fields_of(client.get(form))
    there = {"campaign": other.campaign_id, "language": "de", "slug": "x"}

    moved = client.post(form, {**opened, **there})
    made = client.post(f"{TEXTS}add/", {**there, "title": "Mine", "summary": "-"})

    assert "from the list" in moved.text
    assert "from the list" in made.text
    assert list(other.campaign.texts.all()) == [other]
