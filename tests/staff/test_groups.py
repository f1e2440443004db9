"""What Bo of the Campaigners and Cy of the Moderators may do, and who may not."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.migrations.state import StateApps
from procrastinate.contrib.django import app as queue

from campaign_site.permissions import GROUPS, give_permissions
from letters.models import ReportedLetter
from petitions.models import Signature
from staff.models import User
from tests.factories import make_letter, make_petition, make_staff, sign
from tests.letters.makers import confirmed
from tests.staff.forms import run_action
from tests.test_architecture import FLOORS, ROOT

pytestmark = pytest.mark.django_db
BO, CY = "Campaigners", "Moderators"
# Pages beside the lists of models.
DESKS = {
    "petitions/signature/fraud": {BO, CY},
    "petitions/petition/confirmations": {BO, CY},
    "inbox": {BO, CY},
}
# Added at the fraud desk, and not by a form of its own.
WITHOUT_A_FORM = {"petitions.invalidation"}
# Each of the staff has alerts of their own, without a permission.
EVERYBODYS = {"staff.alert"}


@pytest.fixture
def letter():
    return make_letter(make_petition().campaign)


def test_the_groups_come_with_the_migrations():
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)


def test_every_permission_of_the_file_is_given_and_no_other():
    given = {
        group.name: {
            f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()
        }
        for group in Group.objects.all()
    }

    assert given == {
        name: {
            f"{app}.{verb}_{model}"
            for app, model, letters in parts_of(models)
            for verb in verbs(letters)
        }
        for name, models in GROUPS.items()
    }


def test_code_and_templates_ask_for_permissions_that_exist():
    rooms = {room for room in FLOORS if apps.is_installed(room)}
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py")]
    pages = (ROOT / "templates").rglob("*.html")
    files += [page for page in pages if page.parent.name not in FLOORS.keys() - rooms]
    name = r"(\w+\.(?:view|add|change|delete)_\w+)"
    asked = re.compile(rf"""["']{name}["']|\bperms\.{name}""")
    found = {
        quoted or of_template
        for file in files
        for quoted, of_template in asked.findall(file.read_text("utf-8"))
        if (quoted or of_template).partition(".")[0] not in FLOORS.keys() - rooms
    }

    assert {"comments.change_comment", "petitions.view_referrallink"} <= found
    assert found - queue.tasks.keys() <= {
        f"{p.content_type.app_label}.{p.codename}"
        for p in Permission.objects.select_related("content_type")
    }


def test_what_somebody_changed_in_a_group_of_the_file_is_put_right():
    own = Group.objects.create(name="Translators")
    right = Permission.objects.get(codename="change_campaign")
    own.permissions.add(right)
    Group.objects.get(name=CY).permissions.add(right)
    Group.objects.get(name=BO).delete()

    give_permissions("default")

    assert not Group.objects.get(name=CY).permissions.contains(right)
    assert Group.objects.get(name=BO).permissions.contains(right)
    assert list(own.permissions.all()) == [right]


def test_rights_to_what_the_site_no_longer_has_go():
    gone = ContentType.objects.create(app_label="letters", model="variant")
    left_out = ContentType.objects.create(app_label="left_out", model="thing")
    for kind in (gone, left_out):
        Permission.objects.create(content_type=kind, codename="add_it", name="Add it")

    give_permissions("default")

    assert not Permission.objects.filter(content_type=gone).exists()
    assert Permission.objects.filter(content_type=left_out).exists()


def test_a_migrate_of_some_apps_alone_gives_nothing_yet():
    Group.objects.get(name=BO).delete()

    give_permissions("default", apps=StateApps([], {}))

    assert not Group.objects.filter(name=BO).exists()


@pytest.mark.parametrize("group", [BO, CY])
def test_each_group_opens_the_lists_that_the_file_gives_it(client, letter, group):
    client.force_login(make_staff(group=group))

    looked_at = lists()
    answers = {path: client.get(f"/admin/{path}/").status_code for path in looked_at}

    assert answers == {
        path: 200 if opens(group, path, "vc") else 403 for path in looked_at
    }


@pytest.mark.parametrize("group", [BO, CY])
def test_each_group_opens_its_desks(client, letter, group):
    client.force_login(make_staff(group=group))

    answers = {
        path: client.get(f"/admin/{path}/", follow=True).status_code for path in DESKS
    }

    assert answers == {
        path: 200 if group in groups else 403 for path, groups in DESKS.items()
    }


@pytest.mark.parametrize("group", [BO, CY])
def test_each_group_adds_what_the_file_lets_it_add(client, letter, group):
    client.force_login(make_staff(group=group))

    looked_at = lists()
    answers = {
        path: client.get(f"/admin/{path}/add/", follow=True).status_code
        for path in looked_at
    }

    assert answers == {
        path: 200 if opens(group, path, "a") else 403 for path in looked_at
    }


def test_groups_of_the_file_are_read_only_in_the_admin(client):
    client.force_login(make_staff(is_superuser=True))
    [bo, own] = [Group.objects.get(name=BO), Group.objects.create(name="Translators")]

    pages = {
        group.name: client.get(f"/admin/auth/group/{group.pk}/change/").text
        for group in (bo, own)
    }
    answer = client.post(f"/admin/auth/group/{bo.pk}/delete/", {"post": "yes"})

    assert "<b>Campaigns</b>: see, add, change, delete" in pages[BO]
    assert ">Campaigns: change</option>" in pages["Translators"]
    assert "Can " not in pages[BO] + pages["Translators"]
    assert 'name="_save"' not in pages[BO]
    assert 'name="_save"' in pages["Translators"]
    assert answer.status_code == 403


def lists():
    return [
        f"{model._meta.app_label}/{model._meta.model_name}"
        for model in admin.site._registry
    ]


def opens(group, path, letters):
    label = path.replace("/", ".")
    if letters == "a" and label in WITHOUT_A_FORM:
        return False
    if letters != "a" and label in EVERYBODYS:
        return True
    return bool(set(letters) & set(GROUPS[group].get(label, "")))


def parts_of(models):
    return [(*label.split("."), letters) for label, letters in models.items()]


def verbs(letters):
    words = {"v": "view", "a": "add", "c": "change", "d": "delete"}
    return [words[letter] for letter in letters]


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
    answer = client.post(path, {"outcome": "Changed"})

    assert "Campaign 1" in page.text
    assert 'name="_save"' not in page.text
    assert answer.status_code == 403
    letter.campaign.refresh_from_db()
    assert letter.campaign.outcome == ""


@pytest.mark.parametrize("action", ["release", "reject"])
def test_bo_sees_signatures_and_decides_on_none(client, letter, action):
    signature = sign(letter.campaign.petition, held_for="flood")
    client.force_login(make_staff(group=BO))

    page = run_action(client, "/admin/petitions/signature/", action, signature)

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

    assert "do not match" in page.text
    assert "sessionid" not in page.cookies


def test_bo_signs_in_and_out(client):
    make_staff("bo", BO)

    page = client.post(
        "/admin/account/login/?next=/admin/",
        {"login": "bo", "password": "pw"},
        follow=True,
    )
    out = client.post("/admin/logout/", follow=True)

    assert "To do" in page.text
    assert "css/admin.css" in page.text
    assert "signed out" in out.text.lower()
    assert client.get("/admin/").status_code == 302


# Actions of lists that change nothing.
THAT_ONLY_READ = {"as_csv"}


def test_an_action_needs_the_permission_of_what_it_changes(rf):
    """Staff who may see everything, and change nothing, are offered none."""
    onlooker = make_staff("onlooker")
    view = Permission.objects.filter(codename__startswith="view_")
    onlooker.user_permissions.set(view)
    request = rf.get("/admin/")
    request.user = onlooker

    offered = {
        f"{model._meta.label}: {name}"
        for model, own in admin.site._registry.items()
        for name in own.get_actions(request)
        if name not in THAT_ONLY_READ
    }
    request.user = make_staff("root", is_superuser=True)
    admins = admin.site._registry.values()
    of_all = [name for own in admins for name in own.get_actions(request)]

    assert offered == set()
    assert {"count_held", "close", "release", "remove_second_factor"} <= set(of_all)


def test_an_action_that_is_not_offered_does_nothing_either(client):
    suggested = make_letter()
    ReportedLetter.objects.report(suggested, held=True)
    client.force_login(make_staff("bo", BO))
    held = ReportedLetter.objects.all()

    run_action(client, "/admin/letters/reportedletter/", "count_held", *held)
    assert not ReportedLetter.objects.counted().exists()

    client.force_login(make_staff("cy", CY))
    run_action(client, "/admin/letters/reportedletter/", "count_held", *held)
    assert ReportedLetter.objects.counted().count() == 1
