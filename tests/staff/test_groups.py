"""What Bo of the Campaigners and Cy of the Moderators may do, and who may not."""

import pytest
from django.contrib.auth.models import Group

from petitions.models import Signature
from staff.models import User
from tests.factories import make_letter, make_petition, make_staff, sign
from tests.letters.makers import confirmed
from tests.staff.forms import act

pytestmark = pytest.mark.django_db
BO, CY = "Campaigners", "Moderators"
LISTS = {
    "campaign_site/face": set(),
    "campaigns/campaign": {BO, CY},
    "campaigns/update": {BO, CY},
    "petitions/petition": {BO, CY},
    "petitions/signature": {BO, CY},
    "petitions/bundle": {BO},
    "petitions/paperbatch": {BO, CY},
    "petitions/paperline": {BO, CY},
    "petitions/signature/fraud": {BO, CY},
    "petitions/invalidation": {BO, CY},
    "petitions/petition/confirmations": {BO, CY},
    "petitions/source": {BO, CY},
    "letters/suggestedletter": {BO},
    "letters/recipient": {BO},
    "letters/recipientlist": {BO},
    "letters/letter": {BO, CY},
    "letters/delivery": {BO},
    "letters/parcel": {BO},
    "letters/pauseddomain": {BO},
    "letters/reportedletter": {BO},
    "comments/comment": {BO, CY},
    "supporters/follow": {BO, CY},
    "supporters/mailing": {BO},
    "supporters/erasurerequest": {BO},
    "comments/comment/desk": {BO, CY},
    "comments/thread": {BO, CY},
    "comments/moderation": {BO, CY},
    "safeguards/block": {CY},
    "comments/report": {CY},
    "staff/user": set(),
    "staff/invitation": set(),
    "staff/act": set(),
    "versions/deleted": {BO},
    "auth/group": set(),
}
ADDS = {
    "campaign_site/face": set(),
    "campaigns/campaign": {BO},
    "campaigns/update": {BO},
    "petitions/petition": {BO},
    "petitions/signature": set(),
    "petitions/bundle": {BO},
    "petitions/paperbatch": {BO},
    "petitions/paperline": set(),
    "petitions/invalidation": set(),
    "petitions/source": {BO},
    "letters/suggestedletter": {BO},
    "letters/recipient": {BO},
    "letters/recipientlist": {BO},
    "letters/letter": set(),
    "letters/delivery": set(),
    "letters/parcel": set(),
    "letters/pauseddomain": {BO},
    "letters/reportedletter": set(),
    "comments/comment": set(),
    "supporters/follow": set(),
    "supporters/mailing": set(),
    "supporters/erasurerequest": {BO},
    "comments/thread": {BO, CY},
    "comments/moderation": set(),
    "safeguards/block": {CY},
    "comments/report": set(),
    "staff/user": set(),
    "staff/invitation": set(),
}


@pytest.fixture
def letter():
    return make_letter(make_petition().campaign)


def test_the_groups_come_with_the_migrations():
    assert set(Group.objects.values_list("name", flat=True)) == {BO, CY}


@pytest.mark.parametrize("group", [BO, CY])
def test_each_group_sees_its_own_lists(client, letter, group):
    client.force_login(make_staff(group=group))

    answers = {path: client.get(f"/admin/{path}/").status_code for path in LISTS}

    assert answers == {
        path: 200 if group in groups else 403
        for path, groups in LISTS.items()
        if path != "auth/group"
    } | {"auth/group": answers["auth/group"]}
    assert answers["auth/group"] in (403, 404)


@pytest.mark.parametrize("group", [BO, CY])
def test_each_group_adds_what_it_may(client, letter, group):
    client.force_login(make_staff(group=group))

    answers = {path: client.get(f"/admin/{path}/add/").status_code for path in ADDS}

    assert answers == {
        path: 200 if group in groups else 403 for path, groups in ADDS.items()
    }


@pytest.mark.parametrize("group", [BO, CY])
def test_neither_group_deletes_what_was_published_or_signed(client, letter, group):
    client.force_login(make_staff(group=group))
    signature = sign(letter.campaign.petition)
    confirmed(letter)
    refused = 409 if group == BO else 403  # Bo is told why, and what to do instead

    for path in (
        f"campaigns/campaign/{letter.campaign.pk}",
        f"petitions/petition/{letter.campaign.petition.pk}",
        f"petitions/signature/{signature.pk}",
        f"letters/suggestedletter/{letter.pk}",
        f"letters/recipientlist/{letter.recipient_list.pk}",
    ):
        page = client.post(f"/admin/{path}/delete/", {"post": "yes"})
        assert page.status_code == (403 if "/signature/" in path else refused)
    letter.refresh_from_db()
    assert Signature.objects.get() == signature


def test_cy_reads_a_campaign_and_does_not_change_it(client, letter):
    client.force_login(make_staff(group=CY))
    path = f"/admin/campaigns/campaign/{letter.campaign.pk}/change/"

    page = client.get(path)
    answer = client.post(path, {"title": "Changed"})

    assert "Campaign 1" in page.text
    assert 'name="_save"' not in page.text
    assert answer.status_code == 403
    letter.campaign.refresh_from_db()
    assert letter.campaign.title == "Campaign 1"


@pytest.mark.parametrize("action", ["release", "reject"])
def test_bo_sees_signatures_and_decides_on_none(client, letter, action):
    signature = sign(letter.campaign.petition, held_for="flood")
    client.force_login(make_staff(group=BO))

    page = act(client, "/admin/petitions/signature/", action, signature)

    assert "Ada Lovelace" in page.text
    assert Signature.objects.held().get() == signature


@pytest.mark.parametrize("path", ["", "campaigns/campaign/", "petitions/signature/"])
def test_the_admin_asks_strangers_to_sign_in(client, path):
    response = client.get(f"/admin/{path}")

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_somebody_who_does_not_work_here_cannot_sign_in(client):
    User.objects.create_user("eve", password="pw")

    page = client.post("/admin/account/login/", {"login": "eve", "password": "pw"})

    assert "do not belong together" in page.text
    assert "sessionid" not in page.cookies


def test_bo_signs_in_and_out(client):
    make_staff("bo", BO)

    page = client.post(
        "/admin/account/login/?next=/admin/",
        {"login": "bo", "password": "pw"},
        follow=True,
    )
    out = client.post("/admin/logout/", follow=True)

    assert "Campaigns and moderation" in page.text
    assert "css/admin.css" in page.text
    assert "logged out" in out.text.lower()
    assert client.get("/admin/").status_code == 302
