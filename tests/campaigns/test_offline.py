"""A campaign that was taken off the site answers 410 with a sentence, everywhere."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.models import Campaign
from campaigns.pictures import picture_files
from letters.models import Letter
from petitions.models import Signature
from tests.factories import (
    ADA,
    make_campaign,
    make_comment,
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_update,
)
from tests.letters.test_sending import form
from tests.staff.forms import change_page, fill_in

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"
GONE = "This page is gone"
PAGES = [
    *("", "updates/", "updates/feed/", "comments/", "comments/feed/", "follows/"),
    *("count/", "count.json", "count/links-1.csv"),
    *("signatures/", "signatures/newest/", "signatures/thanks/"),
    *("letter/", "letter/recipients/", "letter/sent/"),
]


@pytest.fixture
def campaign(client):
    petition = make_petition(title="Foxes")
    make_letter(petition.campaign)
    make_counted(petition)
    make_comment(petition.campaign)
    return petition.campaign


def take_off(client, campaign):
    client.force_login(make_staff("bo", "Campaigners"))
    if campaign.published_at:
        fill_in(client, change_page(CAMPAIGNS, campaign), published_at="")
    client.logout()
    cache.clear()


def test_it_is_gone_wherever_it_was_known(client, campaign):
    update = make_update(campaign)
    pages = [*PAGES, f"updates/{update.pk}/"]
    for page in pages:
        if page != "count/links-1.csv":
            assert client.get(f"/campaign-1/{page}").status_code == 200, page

    take_off(client, campaign)

    for page in pages:
        answer = client.get(f"/campaign-1/{page}")
        assert (answer.status_code, "Foxes" in answer.text) == (410, False), page
        assert GONE in answer.text
    for page in ("signatures/", "letter/", "comments/"):
        assert client.post(f"/campaign-1/{page}", ADA).status_code == 410
    assert "Foxes" not in client.get("/").text
    assert "campaign-1" not in client.get("/sitemap.xml").text


def test_a_former_address_leads_to_the_same_answer(client, campaign):
    campaign.slug = "foxes"
    campaign.save()
    take_off(client, campaign)

    answer = client.get("/campaign-1/", follow=True)

    assert answer.status_code == 410


def test_the_address_that_people_have_says_so_after_another_one_was_given(
    client, campaign
):
    take_off(client, campaign)
    campaign = Campaign.objects.get(pk=campaign.pk)
    campaign.slug = "foxes"
    campaign.save()

    assert client.get("/campaign-1/", follow=True).status_code == 410


def test_its_share_image_is_gone_and_comes_back(client, campaign, work):
    campaign.have_pictures_made()
    work()
    campaign.refresh_from_db()
    file = picture_files.url(campaign.share_image, picture_files.SHARE_FILE)
    assert status_of(client, file) == 200

    take_off(client, campaign)

    assert status_of(client, file) == 410
    Campaign.objects.get().publish()
    assert status_of(client, file) == 200


def test_the_share_image_of_a_draft_is_not_there(client, work):
    campaign = make_campaign(published_at=None)
    campaign.have_pictures_made()
    work()
    campaign.refresh_from_db()

    file = picture_files.url(campaign.share_image, picture_files.SHARE_FILE)

    assert status_of(client, file) == 404


def status_of(client, path):
    answer = client.get(path)
    b"".join(answer)  # a file is closed at its end
    return answer.status_code


def test_links_in_mails_say_so_and_stop_nobody_from_leaving(
    client, mailbox, work, campaign
):
    client.post("/campaign-1/signatures/", {**ADA, "shown_as": "full"})
    work()
    confirm, withdraw = map(mailbox.path_to, ("confirmation", "withdrawal"))
    client.post("/campaign-1/letter/", form(campaign.letter))
    work()
    letter = mailbox.path_to("confirmation")
    follow = make_follow(campaign)

    take_off(client, campaign)

    for link in (confirm, letter):
        for answer in (client.get(link), client.post(link)):
            assert answer.status_code == 410
            assert GONE in answer.text
    assert Signature.objects.counted().count() == 1
    assert not Letter.objects.confirmed().exists()
    assert client.post(withdraw).status_code == 200
    assert client.post(f"/follows/{follow.key}/cancellation/").status_code == 200
    follow.refresh_from_db()
    assert follow.stopped_at is not None


def test_published_again_it_is_as_before(client, campaign):
    take_off(client, campaign)
    campaign = Campaign.objects.get()

    campaign.publish()

    assert "Foxes" in client.get("/campaign-1/").text
    assert client.get("/campaign-1/updates/99/").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"opens_at": timezone.now() + timedelta(hours=1)},
    ],
)
@pytest.mark.parametrize("is_deleted", [False, True])
def test_what_was_never_public_was_never_there(client, fields, is_deleted):
    campaign = make_campaign(title="A secret plan", **fields)
    make_petition(campaign)
    take_off(client, campaign)
    if is_deleted:
        Campaign.objects.update(deleted_at=timezone.now())

    for page in PAGES:
        answer = client.get(f"/campaign-1/{page}")
        assert (answer.status_code, "secret" in answer.text) == (404, False), page
