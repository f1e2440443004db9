"""Bo deletes, and gets back what was deleted; what people did on is not deleted."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign, Update
from campaigns.pictures import tasks
from database.retention import rules
from letters.models import Letter, SuggestedLetter
from petitions.models import Petition, PetitionClosed
from supporters.models import Confirmation, Mailing, Supporter
from tests.campaign_editor.forms import page_of, press, whole
from tests.factories import (
    make_campaign,
    make_comment,
    make_follow,
    make_letter,
    make_letter_text,
    make_petition,
    make_picture,
    make_recipients,
    make_staff,
    make_stance,
    make_update,
    sign,
)
from tests.letters.makers import confirmed
from tests.letters.test_meetings import make_meeting
from tests.staff.forms import change_page, fill_in
from tests.staff.test_reach import give
from versions.models import Deleted, Version

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"
DELETED = "/admin/versions/deleted/"


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def delete(client, row):
    meta = row._meta
    path = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/delete/"
    return client.post(path, {"post": "yes"})


def arrive(suggested):
    now = timezone.now()
    deliveries = suggested.letters.get().deliveries
    deliveries.update(settled_at=now, outcome="sent")


def put_back(client, row=None):
    row = row or Deleted.objects.get()
    return client.post(f"{DELETED}{row.pk}/restoration/")


def test_a_campaign_is_deleted_with_all_it_has_and_comes_back(client, work):
    petition = make_petition(title="Foxes")
    campaign = petition.campaign
    suggested = make_letter(campaign)
    confirmed(suggested)
    arrive(suggested)
    make_comment(campaign)
    make_update(campaign)
    make_follow(campaign)
    delete_page = f"{CAMPAIGNS}{campaign.pk}/delete/"

    asked = client.get(delete_page).text
    for words in (
        "1 letter that",
        "1 comment",
        "1 follower",
        "1 update",
        "its petition",
    ):
        assert words in asked
    assert client.get("/campaign-1/").status_code == 200
    assert delete(client, campaign).status_code == 302

    cache.clear()
    for page in ("", "letter/", "comments/", "updates/", "signatures/"):
        gone = client.get(f"/campaign-1/{page}")
        assert gone.status_code == 410, page
    assert "Foxes" not in client.get("/").text
    assert "Foxes" not in client.get("/sitemap.xml").text
    client.get(CAMPAIGNS)  # which says once that it was deleted
    assert "Foxes" not in client.get(CAMPAIGNS).text
    assert "Foxes" in client.get(DELETED).text
    petition = Petition.objects.get()
    with pytest.raises(PetitionClosed):
        sign(petition)

    assert put_back(client).status_code == 302
    assert client.get("/campaign-1/").status_code == 200
    assert not Deleted.objects.exists()


def test_its_address_stays_its_own_meanwhile(client):
    campaign = make_campaign(slug="foxes")
    delete(client, campaign)

    page = press(client, page_of(whole(slug="other")), slug="foxes")

    assert page.status_code == 422
    assert "There is a" in page.text


def test_a_deleted_draft_was_never_there(client):
    delete(client, make_campaign(published_at=None))

    assert client.get("/campaign-1/").status_code == 404


def test_what_people_signed_cannot_be_deleted_and_the_page_says_what_to_do(client):
    petition = make_petition()
    sign(petition).confirm()

    for row, instead in (
        (petition, "Close its campaign instead"),
        (petition.campaign, "you can close it"),
    ):
        with CaptureQueriesContext(connection) as asked:
            page = delete(client, row)
        # They are counted, and not read: there may be a million.
        assert not [
            one for one in asked if '"petitions_signature"."name"' in one["sql"]
        ]
        assert page.status_code == 409
        assert "You cannot delete" in page.text
        assert "1 person has signed it." in page.text
        assert instead in page.text
    assert not Deleted.objects.exists()
    assert Petition.objects.get().campaign.deleted_at is None


def test_letters_on_their_way_keep_their_campaign(client):
    suggested = make_letter()
    confirmed(suggested)

    assert "1 letter is still on its way" in delete(client, suggested.campaign).text
    assert "1 letter that somebody wrote" in delete(client, suggested).text
    assert "Please help" in delete(client, suggested.recipient_list).text
    assert not Deleted.objects.exists()


def test_a_translated_letter_says_what_to_delete_first(client):
    suggested = make_letter()
    text = make_letter_text(suggested)

    refused = delete(client, suggested).text
    assert "It has 1 translation. Delete that first." in refused
    delete(client, text)
    delete(client, suggested)

    assert not SuggestedLetter.objects.exists()


def test_a_mailed_update_keeps_its_address(client, bo):
    update = make_update()
    Mailing.objects.send(update, by=bo)

    assert "We emailed it to followers" in delete(client, update).text
    assert "We emailed 1 update" in delete(client, update.campaign).text


@pytest.mark.parametrize("name", ["petition", "update", "letter", "list"])
def test_every_other_text_leaves_and_comes_back_as_it_was(client, name):
    if name == "petition":
        row = make_petition()
        row.referral_links.create(name="Newsletter")
    elif name == "update":
        row = make_update(**make_picture())
    elif name == "letter":
        row = make_letter()
        make_meeting(row)
        make_stance(row, row.recipient_list.recipients.first())
    else:
        row = make_recipients(2)
        row.recipients.first().note_complaint()
    before = everything(row)

    delete(client, row)
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert put_back(client).status_code == 302

    assert everything(row) == before


def everything(row):
    """The row, and what hangs on it, as the database has it."""
    related = [r for r in row._meta.related_objects if r.one_to_many]
    return [
        type(row).objects.filter(pk=row.pk).values().get(),
        *(list(getattr(row, r.get_accessor_name()).values()) for r in related),
    ]


def test_the_page_of_a_deleted_update_is_gone(client):
    update = make_update()
    path = f"/campaign-1/updates/{update.pk}/"
    delete(client, update)

    assert client.get(path).status_code == 410
    put_back(client)
    assert client.get(path).status_code == 200


def test_who_wrote_an_update_may_be_gone_when_it_comes_back(client, bo):
    update = make_update(author=make_staff("ana"))
    delete(client, update)
    update.author.delete()

    put_back(client)

    assert Update.objects.get().author is None


def test_what_was_acted_on_in_spite_of_all_is_not_forgotten(client, time_machine):
    petition = make_petition()
    signature = sign(petition)
    signature.delete()
    delete(client, petition.campaign)
    # Who signed in the moment in which it was deleted.
    signature = sign(Petition(pk=petition.pk, campaign=petition.campaign))
    signature.confirm()

    time_machine.move_to(timezone.now() + timedelta(days=31))
    call_command("forget")

    assert Deleted.objects.exists()
    assert Petition.objects.exists()


def test_a_place_that_is_taken_is_said(client):
    petition = make_petition()
    delete(client, petition)
    make_petition(petition.campaign, ask="Another")

    page = put_back(client)

    assert page.status_code == 422
    assert "There is a" in page.text
    assert Deleted.objects.exists()


def test_after_thirty_days_it_is_gone_for_ever(client, time_machine, media):
    petition = make_petition()
    campaign = petition.campaign
    suggested = make_letter(campaign)
    confirmed(suggested)
    arrive(suggested)
    make_comment(campaign)
    make_follow(campaign)
    update = make_update(make_campaign(), **make_picture())
    delete(client, campaign)
    delete(client, update)

    now = timezone.now()
    time_machine.move_to(now + timedelta(days=29))
    call_command("forget")
    assert Deleted.objects.count() == 2
    time_machine.move_to(now + timedelta(days=31))
    call_command("forget")

    assert not Deleted.objects.exists()
    assert not Campaign.objects.filter(pk=campaign.pk).exists()
    assert not Version.objects.exists()
    for model in (Petition, SuggestedLetter, Letter, Update, Confirmation, Supporter):
        assert not model.objects.exists(), model
    assert client.get("/campaign-1/").status_code == 404


def test_a_picture_stays_while_its_update_can_come_back(client, media, work):
    update = make_update(**make_picture())
    delete(client, update)
    tasks.forget_picture(update.picture)
    assert list(media.rglob(f"{update.picture}*"))

    Deleted.objects.all().forget()
    tasks.forget_picture(update.picture)

    assert not list(media.rglob(f"{update.picture}*"))


def test_only_superusers_delete_for_ever_and_type_it(client):
    campaign = make_campaign()
    delete(client, campaign)
    path = f"{DELETED}{Deleted.objects.get().pk}/end/"
    assert client.post(path, {"typed": "for good"}).status_code == 403
    client.force_login(make_staff("root", is_superuser=True))

    slip = client.post(path, {"typed": "x\x00\ufffd" * 1000})
    assert slip.status_code == 422
    assert Campaign.objects.exists()
    assert client.post(path, {"typed": " For  good "}).status_code == 302
    assert not Campaign.objects.exists()


def test_moderators_delete_nothing_and_get_nothing_back(client):
    campaign, other = make_campaign(), make_campaign()
    delete(client, campaign)
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(DELETED).status_code == 403
    assert put_back(client).status_code == 403
    assert delete(client, other).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": other.pk, "post": "yes"}
    client.post(CAMPAIGNS, bulk)
    assert Campaign.objects.filter(deleted_at=None).get() == other


def test_who_works_in_one_campaign_gets_back_what_they_deleted_and_no_more(client):
    campaign = make_campaign()
    delete(client, make_update(campaign))
    of_others = Deleted.objects.get()
    dee = give(make_staff("dee"), campaign, "Campaigners")
    client.force_login(dee)
    delete(client, make_update(campaign))

    listed = client.get(DELETED).context["cl"].result_list

    assert [row.by for row in listed] == [dee]
    assert put_back(client, of_others).status_code == 404
    assert put_back(client, *listed).status_code == 302
    assert Update.objects.count() == 1


def test_the_bin_is_spent_by_the_retention_run():
    assert {"versions", "deleted texts"} <= {rule.name for rule in rules()}


def test_what_was_changed_before_deleting_can_be_restored(client):
    campaign = make_campaign()
    fill_in(client, change_page(CAMPAIGNS, campaign), outcome="New")
    delete(client, campaign)
    put_back(client)

    assert Version.objects.of(campaign).count() == 2
