"""Bo begins with a template; what it leaves open cannot be published."""

import pytest

from campaign_editor.beginnings import BEGINNINGS
from campaigns.models import Campaign
from tests.campaign_editor.forms import NEW, page_of, send
from tests.factories import make_staff
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db
WRITTEN = {
    "title": "Bucheon: close the market",
    "summary": "Ask the council to close it.",
    "happening": "",
    "wrong": "",
    "asked": "",
    "story": "<p>They are [sic] sold.</p>",
    "petition-ask": "I ask the council to close it.",
}


@pytest.fixture(autouse=True)
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))


@pytest.mark.parametrize("key", BEGINNINGS)
def test_a_template_fills_the_form_and_stores_nothing(client, key):
    path = f"{NEW}?template={key}"
    page = client.get(path)
    assert fields_of(page)["petition-ask"].startswith("I ask ")
    assert f'href="?template={key}" aria-current' in page.text
    assert not Campaign.objects.exists()

    answer = send(client, path, button="publish")

    campaign = Campaign.objects.get()
    assert campaign.published_at is None
    missing = {
        item.field: item.words for item in answer.context["guide"].checklist.missing
    }
    gaps = {name for name in WRITTEN if "Replace [" in missing[name]}
    assert gaps == set(WRITTEN)
    assert hasattr(campaign, "letter") is (key != "petition")
    assert ("letter-body" in missing) is (key != "petition")


def test_once_all_is_replaced_it_can_be_published(client):
    send(client, f"{NEW}?template=petition")

    send(client, page_of(Campaign.objects.get()), button="publish", **WRITTEN)

    page = client.get("/bucheon-close-the-market/")
    assert "I ask the council to close it." in page.text


def test_a_template_that_is_none_is_the_empty_form(client):
    assert fields_of(client.get(f"{NEW}?template=x\x00"))["petition-ask"] == ""
