"""Somebody is always left who can manage the accounts of those who work here."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client

from staff.models import AuditEntry, LastSuperuser, User
from tests.factories import make_staff
from tests.letters.test_claiming import (
    wait_until_somebody_waits_for_a_row,
    with_own_connection,
)

pytestmark = pytest.mark.django_db
USERS = "/admin/staff/user/"
REFUSED = "would leave no administrator"


@pytest.fixture
def ada(client):
    user = make_staff("ada", is_superuser=True)
    client.force_login(user)
    return user


def change(client, user, **fields):
    """Save the form of an account; a box that is not named stays ticked."""
    boxes = {"is_active": "on", "is_staff": "on", "is_superuser": "on"} | fields
    sent = {
        "username": user.username,
        "first_name": "Adelheid",
        "campaign_roles-TOTAL_FORMS": "0",
        "campaign_roles-INITIAL_FORMS": "0",
    }
    sent |= {name: value for name, value in boxes.items() if value}
    return client.post(f"{USERS}{user.pk}/change/", sent)


def delete(client, user):
    return client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}, follow=True)


def delete_chosen(client, *users, **sent):
    chosen = {
        "action": "delete_selected",
        "_selected_action": [user.pk for user in users],
    }
    return client.post(USERS, chosen | sent, follow=True)


def superusers():
    return set(User.objects.superusers().values_list("username", flat=True))


@pytest.mark.parametrize("box", ["is_active", "is_staff", "is_superuser"])
def test_the_last_one_cannot_give_up_what_makes_her_one(client, ada, box):
    cy = make_staff("cy", is_superuser=True)
    User.objects.filter(pk=cy.pk).update(**{box: False})

    refused = change(client, ada, **{box: None})

    assert REFUSED in refused.text
    assert "Adelheid" in refused.text  # nothing that was typed is lost
    assert superusers() == {"ada"}

    User.objects.filter(pk=cy.pk).update(**{box: True})
    change(client, ada, **{box: None})
    assert superusers() == {"cy"}


def test_the_last_one_is_deleted_by_nobody(client, ada):
    asked = client.get(f"{USERS}{ada.pk}/delete/", follow=True)
    confirmed = delete(client, ada)

    assert REFUSED in asked.text
    assert REFUSED in confirmed.text
    assert superusers() == {"ada"}
    # Nothing was erased, and the trail says nothing else.
    assert AuditEntry.objects.filter(kind="refused").count() == 1
    assert not AuditEntry.objects.filter(kind="erased").exists()

    bo = make_staff("bo", is_superuser=True)
    delete(client, ada)
    assert set(User.objects.all()) == {bo}
    erased = AuditEntry.objects.get(kind="erased")
    assert (erased.by, erased.username, erased.keys) == (None, "ada", [str(ada.pk)])


@pytest.mark.parametrize("step", [{}, {"post": "yes"}], ids=["asked", "confirmed"])
def test_nor_in_a_list_with_the_others(client, ada, step):
    bo, di = make_staff("bo", is_superuser=True), make_staff("di")

    page = delete_chosen(client, ada, bo, di, **step)
    all_found = delete_chosen(client, ada, select_across="1", **step)

    assert REFUSED in page.text
    assert REFUSED in all_found.text
    assert set(User.objects.all()) == {ada, bo, di}

    delete_chosen(client, ada, di, post="yes")
    assert set(User.objects.all()) == {bo}


def test_nor_by_code(ada):
    for doomed in (ada, User.objects.all(), User.objects.filter(pk=ada.pk)):
        with pytest.raises(LastSuperuser):
            doomed.delete()

    assert superusers() == {"ada"}


def test_others_change_and_go_as_before(client, ada):
    bo = make_staff("bo")

    change(client, bo, is_superuser=None)
    change(client, ada)
    assert set(User.objects.values_list("first_name", flat=True)) == {"Adelheid"}
    delete(client, bo)

    assert set(User.objects.all()) == {ada}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "leave",
    [
        lambda client, user: change(client, user, is_superuser=None),
        delete,
        lambda client, user: delete_chosen(client, user, post="yes"),
    ],
    ids=["demoted", "deleted", "deleted in a list"],
)
def test_of_two_who_leave_at_once_one_stays(leave):
    staff = [make_staff(name, is_superuser=True) for name in ("ada", "bo")]
    clients = [Client(), Client()]
    for one, user in zip(clients, staff, strict=True):
        one.force_login(user)
        one.get("/admin/")
    others = [
        threading.Thread(target=with_own_connection(lambda c=c, u=u: leave(c, u)))
        for c, u in zip(clients, staff, strict=True)
    ]

    with transaction.atomic():
        list(User.objects.order_by("pk").select_for_update())
        for other in others:
            other.start()
        wait_until_somebody_waits_for_a_row()
    for other in others:
        other.join(300)

    assert len(superusers()) == 1


def test_who_may_change_accounts_and_is_no_superuser_takes_none_over(client):
    root = make_staff("root", is_superuser=True)
    eve = make_staff("eve")
    accounts = Permission.objects.filter(content_type__app_label="staff")
    eve.user_permissions.set(accounts.filter(codename__endswith="_user"))
    client.force_login(eve)
    new = {"password1": "Zx91kdk3kk", "password2": "Zx91kdk3kk"}

    answers = [
        change(client, eve, is_superuser="on"),
        client.post(f"{USERS}{root.pk}/password/", new),
        client.post(f"{USERS}add/", {"username": "mallory", **new}),
        delete(client, root),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert superusers() == {"root"}
    root.refresh_from_db()
    assert root.check_password("pw")
