"""Where addresses of a campaign in several languages lead, and where they must not."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.models import CampaignText, address
from outbox.models import OutgoingMail
from petitions.models import Signature
from petitions.signing.models import THANKS_AFTER
from supporters.models import Report
from tests.factories import ADA, make_campaign, make_petition, make_staff, make_text
from tests.staff.forms import fields_of
from tests.supporters.test_notices import TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def campaign():
    return make_petition(make_campaign(slug="bucheon", title="Dogs")).campaign


@pytest.mark.parametrize(
    "below", ["updates/999/", "comments/999/", "signatures/none/", "letters/9/"]
)
def test_what_is_not_found_below_a_page_leads_nowhere(client, campaign, below):
    make_text(campaign, "ko")

    for page in ("/bucheon/", "/ko/sijang/"):
        assert client.get(f"{page}{below}").status_code in (404, 410)
        assert client.post(f"{page}{below}").status_code in (403, 404, 405, 410)


def test_a_campaign_that_is_offline_or_a_draft_leads_nowhere(client, campaign):
    make_text(campaign, "ko")
    campaign.published_at = None
    campaign.save()
    cache.clear()

    for page in ("/bucheon/", "/ko/sijang/"):
        assert client.get(page).status_code == 410
    make_text(make_campaign(slug="draft", published_at=None), "ko", slug="choan")
    assert client.get("/ko/choan/").status_code == 404


def test_a_former_address_of_another_campaign_is_not_looked_for_below(client, campaign):
    other = make_campaign(slug="river")
    text = make_text(other, "ko", slug="bucheon")
    text.slug = "gang"
    text.save()
    make_text(campaign, "ko")

    assert client.get("/ko/sijang/updates/999/").status_code == 404
    assert client.get("/ko/bucheon/")["Location"] == "/ko/gang/"


def test_texts_have_their_own_address_though_another_campaign_begins_with_it(
    client, campaign
):
    make_text(make_campaign(slug="sijang"), "ko", slug="gang")
    text = make_text(campaign, "ko", slug="sijang", title="부천")

    assert text.get_absolute_url() == "/ko/sijang/"
    assert "부천" in client.get("/ko/sijang/").text
    sitemap = client.get("/sitemap.xml").text
    assert sitemap.count("<loc>http://testserver/ko/sijang/</loc>") == 1
    assert sitemap.count("<loc>http://testserver/ko/gang/</loc>") == 1


@pytest.mark.parametrize("is_renamed", [False, True])
def test_mails_lead_on_after_the_texts_of_their_language_are_withdrawn(
    client, campaign, mailbox, work, is_renamed
):
    text = make_text(campaign, "ko")
    client.post("/ko/sijang/signatures/", ADA)
    text.withdraw()
    if is_renamed:
        campaign.slug = "cats"
        campaign.save()
    address.learn()

    work()
    page = client.get(mailbox.path_to("confirmation"), follow=True)
    assert page.status_code == 200
    client.post(mailbox.path_to("confirmation"))

    assert Signature.objects.get().counted
    assert client.get("/sv/bucheon/").status_code == 404


def test_the_own_link_in_a_mail_leads_to_the_page_in_its_language(
    client, campaign, mailbox, work, time_machine
):
    make_text(campaign, "ko")
    client.post("/ko/sijang/signatures/", ADA)
    signature = Signature.objects.get()
    signature.confirm()
    time_machine.move_to(timezone.now() + THANKS_AFTER)
    work()
    assert f"/ko/sijang/?s={signature.share_code}" in mailbox.text()

    mailbox.clear()
    client.post("/ko/sijang/signatures/", ADA)
    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()
    assert f"/ko/sijang/?s={signature.share_code}" in mailbox.text()


@pytest.mark.parametrize("path", ["/ko/sijang/", "/ko/old/", "/ko/bucheon/"])
def test_a_notice_about_a_page_in_another_language_is_of_its_campaign(
    client, campaign, path
):
    text = make_text(campaign, "ko", slug="old")
    text.slug = "sijang"
    text.save()
    address.learn()

    client.post("/notices/", {**TYPED, "location": f"http://testserver{path}"})

    assert Report.objects.get().campaign == campaign


def test_texts_in_what_becomes_the_first_language_lead_on(client, campaign):
    make_text(campaign, "ko", slug="sijang")
    campaign.language = "ko"
    campaign.save()
    address.learn()

    assert client.get("/ko/sijang/")["Location"] == "/ko/bucheon/"


def test_who_saves_a_form_from_before_withdraws_no_text_that_was_published_since(
    client, campaign
):
    text = make_text(campaign, "ko", published_at=None)
    client.force_login(make_staff("bo", "Campaigners"))
    form = f"/admin/campaigns/campaigntext/{text.pk}/change/"
    opened = fields_of(client.get(form))
    text.publish()

    answer = client.post(form, {**opened, "title": "시장"})

    assert answer.status_code == 409
    assert CampaignText.objects.get().published_at


def test_search_engines_are_led_to_no_language_that_the_site_has_not(
    client, campaign, settings
):
    make_text(campaign, "ko")
    assert "/ko/sijang/" in client.get("/sitemap.xml").text
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    cache.clear()

    assert "/ko/sijang/" not in client.get("/sitemap.xml").text
