"""Bo begins with a template; what it leaves open cannot be published."""

import pytest
from django.contrib.auth.models import Permission

from campaign_editor.beginnings import BEGINNINGS
from campaigns.models import Campaign
from tests.campaign_editor.forms import COPY, NEW, page_of, press, send
from tests.factories import make_campaign, make_staff
from tests.staff.forms import fields_of
from tests.staff.test_reach import give

pytestmark = pytest.mark.django_db
WRITTEN = {
    "title": "Bucheon: close the market",
    "summary": "Ask the council to close it.",
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
    assert f'href="?template={key}#begun" aria-current' in page.text
    assert not Campaign.objects.exists()

    answer = send(client, path, button="publish")

    campaign = Campaign.objects.get()
    assert campaign.published_at is None
    missing = {
        item.field: item.words for item in answer.context["guide"].checklist.missing
    }
    gaps = {name for name in WRITTEN if "Replace [" in missing[name]}
    assert gaps == set(WRITTEN)
    # What may stay empty begins with nothing that has to be replaced.
    others = {name for name, words in missing.items() if "Replace [" in words} - gaps
    assert others <= {"letter-body"}
    assert hasattr(campaign, "letter") is (key != "petition")
    assert ("letter-body" in missing) is (key != "petition")


def test_what_is_to_be_replaced_and_what_stays_is_said_where_it_stands(client):
    page = client.get(f"{NEW}?template=council").text

    story = page.partition('data-field="id_story"')[2].partition("</words-to-replace>")
    assert story[0].count("<mark>") == 3
    letter = page.partition('data-field="id_letter-body"')[2]
    letter = letter.partition("</words-to-replace>")[0]
    assert letter.count("<mark>") == 2
    assert "[Salutation]" not in letter
    begun = page.partition('id="begun"')[2].partition("</div>")[0]
    for stays in ("[Salutation]", "[Your own words]", "[Your Name &amp; City/Country]"):
        assert f"<code>{stays}</code>" in begun
    page = client.get(f"{NEW}?template=petition").text
    assert "[Salutation]</code>" not in page.partition('id="begun"')[2]


def test_the_list_names_all_that_is_to_be_replaced_at_once(client):
    answer = send(client, f"{NEW}?template=council")

    words = {i.field: i.words for i in answer.context["guide"].checklist.missing}
    assert words["story"] == (
        "Story: Replace [Tell in short paragraphs what happens, where, and since "
        "when.], [Say what the rules, or the facts, say about it.] and [Say who "
        "decides, and what they can do now.]."
    )
    assert words["letter-body"] == (
        "Letter: Replace [what they should do] and [Why, in 2 or 3 sentences.]."
    )
    assert "no placeholder" not in answer.text


def test_the_list_says_what_is_wrong_with_the_letter_and_the_recipients(client):
    body = "{x} [Your own words] [Your own words]"
    answer = send(client, f"{NEW}?template=council", **{"letter-body": body})

    words = [item.words for item in answer.context["guide"].checklist.missing]
    [letter] = [each for each in words if "no placeholder" in each]
    assert letter.startswith("Letter: ")
    assert "[Your own words] once at most" in letter


@pytest.mark.parametrize("key", BEGINNINGS)
def test_a_campaign_without_a_letter_comes_from_each_template(client, key):
    """The form says how: empty its subject and text, and name no recipients."""
    letter = {"letter-subject": "", "letter-body": "", "call_for_action": ""}
    press(client, f"{NEW}?template={key}", **letter)

    press(client, page_of(Campaign.objects.get()), button="publish", **WRITTEN)

    campaign = Campaign.objects.get()
    assert not hasattr(campaign, "letter")
    assert campaign.published_at


def test_once_all_is_replaced_it_can_be_published(client):
    press(client, f"{NEW}?template=petition")

    press(client, page_of(Campaign.objects.get()), button="publish", **WRITTEN)

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
