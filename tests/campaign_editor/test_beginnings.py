"""Bo begins with a template; what it leaves open cannot be published."""

import pytest
from django.contrib.auth.models import Permission

from campaign_editor.beginnings import BEGINNINGS
from campaigns.models import Campaign
from tests.campaign_editor.forms import COPY, NEW, page_of, send
from tests.factories import make_campaign, make_staff
from tests.staff.forms import fields_of
from tests.staff.test_reach import give

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


def test_only_a_campaign_that_one_may_see_is_offered_and_copied(client):
    own, other = make_campaign(title="Ardbeg"), make_campaign(title="Others")
    ed = give(make_staff("ed"), own, "Campaigners")
    client.force_login(ed)
    assert "Copy this campaign" not in client.get(page_of(own)).text
    # What it takes to begin a campaign, for all of them.
    begins = Permission.objects.filter(
        codename__in=["add_campaign", "add_recipientlist"]
    )
    ed.user_permissions.set(begins)

    offered = client.get(NEW).text
    answer = client.post(COPY, {"campaign": other.pk})
    client.post(COPY, {"campaign": own.pk})

    assert "Ardbeg" in offered
    assert "Others" not in offered
    assert "Copy this campaign" in client.get(page_of(own)).text
    assert answer.status_code == 404
    assert sorted(campaign.title for campaign in Campaign.objects.all()) == [
        *("Ardbeg", "Ardbeg", "Others")
    ]
