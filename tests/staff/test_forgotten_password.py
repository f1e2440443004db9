"""A member of staff who has forgotten the password gets in again, and nobody else."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outbox import sending
from outbox.models import OutgoingMail
from staff.models import User
from supporters.models import Visit
from tests.factories import make_petition, make_staff, sign
from tests.staff.test_signing_in import CODE, SIGN_IN, code_of, make_app

pytestmark = pytest.mark.django_db
RESET = "/admin/account/password/reset/"
BO = "bo@group.example"
NEW = "a new and long one"


def forget(client, work, email=BO):
    """Ask for the link, and let the worker mail it."""
    page = client.post(RESET, {"email": email}, follow=True)
    work()
    return page


def link_in(mailbox):
    [link] = re.findall(r"http://testserver(/\S+)", mailbox.text())
    return link


def choose(client, link):
    """Open the link of a mail and choose a new password."""
    form = client.get(link, follow=True)
    sent = {"password1": NEW, "password2": NEW}
    return client.post(form.redirect_chain[-1][0], sent, follow=True)


def test_a_forgotten_password_is_chosen_anew_by_mail(client, mailbox, work):
    make_staff("bo", email=BO)
    thief = Client()
    thief.post(SIGN_IN, {"login": "bo", "password": "pw"})

    page = forget(client, work)
    assert "we have sent it an email with a link" in page.text
    assert mailbox.last()["To"] == BO
    choose(client, link_in(mailbox))

    assert User.objects.get().check_password(NEW)
    assert client.get("/admin/").status_code == 200
    assert thief.get("/admin/").status_code == 302
    assert "no longer works" in Client().get(link_in(mailbox)).text


def test_who_resets_before_a_second_factor_exists_sets_one_up_and_works(
    client, mailbox, work, settings
):
    settings.STAFF_MFA = "required"
    make_staff("bo", email=BO)
    forget(client, work)
    choose(client, link_in(mailbox))

    page = client.get(reverse("mfa_activate_totp"))
    code = code_of(page.context["form"].secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert User.objects.get().has_second_factor
    assert client.get("/admin/").status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_the_mail_alone_opens_nothing_that_has_a_second_factor(client, mailbox, work):
    make_app(make_staff("bo", email=BO))
    forget(client, work)

    page = choose(client, link_in(mailbox))

    assert page.redirect_chain[-1][0] == CODE
    assert "Your password is changed. We have signed you out" in page.text
    assert SESSION_KEY not in client.session
    assert client.get("/admin/").status_code == 302


def test_a_link_ends_when_the_address_of_the_account_changes(client, mailbox, work):
    bo = make_staff("bo", email=BO)
    forget(client, work)

    User.objects.filter(pk=bo.pk).update(email="new@group.example")

    assert "no longer works" in client.get(link_in(mailbox)).text


def test_the_address_that_an_account_had_before_is_nobodys(client, mailbox, work):
    bo = make_staff("bo", email=BO)
    forget(client, work)
    User.objects.filter(pk=bo.pk).update(email="new@group.example")
    mailbox.clear()

    forget(client, work)

    assert mailbox.messages == []


def test_an_address_is_found_in_every_case(client, mailbox, work):
    make_staff("bo", email="Bo@Group.Example")

    forget(client, work, email="BO@group.example")

    assert [mail["To"] for mail in mailbox.messages] == ["Bo@group.example"]


def test_every_address_gets_the_same_page_by_the_same_statements(client, work):
    make_staff("bo", email=BO)
    make_staff("cy", email="shared@group.example")
    make_staff("di", email="shared@group.example")
    client.get(RESET)

    def ask(email):
        with CaptureQueriesContext(connection) as queries:
            page = client.post(RESET, {"email": email}, follow=True)
        return page.content, [shape(query["sql"]) for query in queries]

    first, *others = map(
        ask, ("eve@mail.example", BO, "shared@group.example", "not an address")
    )
    work()

    assert others[:2] == [first, first]
    assert others[2] != first  # no address at all is told so, to everybody alike


def shape(sql):
    """A statement without the values in it."""
    return re.sub(r"'[^']*'|\b\d+\b", "?", sql)


def waiting():
    return OutgoingMail.objects.open().get()


def test_beyond_three_an_hour_one_more_is_mailed_in_the_next(
    client, mailbox, work, time_machine
):
    make_staff("bo", email=BO)

    for _ in range(9):
        forget(client, work)

    assert len(mailbox.messages) == 3
    time_machine.move_to(waiting().due_at)
    work()
    assert len(mailbox.messages) == 4
    assert choose(client, link_in(mailbox)).status_code == 200
    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, None])
def test_who_is_gone_when_its_turn_comes_gets_no_link(
    client, mailbox, work, time_machine, fields
):
    bo = make_staff("bo", email=BO)
    for _ in range(4):
        forget(client, work)
    found = User.objects.filter(pk=bo.pk)
    found.update(**fields) if fields else found.delete()

    time_machine.move_to(waiting().due_at)
    work()

    assert len(mailbox.messages) == 3
    assert not OutgoingMail.objects.open().exists()


def test_who_is_gone_at_the_last_moment_gets_no_link(
    client, mailbox, work, monkeypatch
):
    bo = make_staff("bo", email=BO)
    content = sending.Attempt._content

    def leaves(attempt):
        try:
            return content(attempt)
        finally:
            User.objects.filter(pk=bo.pk).update(is_active=attempt.mail.about is None)

    monkeypatch.setattr(sending.Attempt, "_content", leaves)
    forget(client, work)

    assert mailbox.messages == []


def test_nothing_of_what_was_typed_or_of_the_key_is_stored(client, mailbox, work):
    make_staff("bo", email=BO)
    forget(client, work, email="eve@mail.example")
    forget(client, work)
    key = link_in(mailbox).split("/")[-2].partition("-")[2]

    [mail] = OutgoingMail.objects.values()
    assert (mail["purpose"], mail["email"]) == ("password_reset", BO)
    assert key not in str(mail)


def test_what_is_typed_beyond_any_address_is_refused(client):
    page = client.post(RESET, {"email": f"{'a' * 60}@{'b.' * 100}example"})

    assert page.status_code == 200
    assert not OutgoingMail.objects.exists()


def test_a_stranger_s_forms_keep_no_link_to_a_password_or_to_my_page_back(
    client, mailbox, work, settings
):
    settings.LIMIT_MAILS_TO_ADDRESS = settings.LIMIT_MAILS_TO_ADDRESS_A_DAY = 3
    make_staff("bo", email=BO)
    petition = make_petition()
    for name in "abcdefgh":
        sign(petition, name=name, email=f"bo+{name}@group.example")
    work()
    assert len(mailbox.messages) == 3

    for _ in range(9):
        forget(client, work)
    Visit.objects.request(BO, "en")
    work()

    assert [mail["To"] for mail in mailbox.messages[3:]] == [BO] * 4
    assert "/mine/" in mailbox.text()


def test_who_shares_an_address_gets_a_mail_for_each_account(client, mailbox, work):
    for name in ("bo", "cy"):
        make_staff(name, email=BO)

    forget(client, work)

    accounts = [re.search(r"name is (\w+)", str(m))[1] for m in mailbox.messages]
    assert accounts == ["bo", "cy"]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_does_not_work_here_gets_no_link(client, mailbox, work, fields):
    bo = make_staff("bo", email=BO)
    User.objects.filter(pk=bo.pk).update(**fields)

    forget(client, work)

    assert mailbox.messages == []
    assert SESSION_KEY not in client.session
