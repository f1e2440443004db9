"""Nobody guesses a password or a code, and nobody keeps its owner out by trying."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from staff.models import Alert, User
from tests.factories import make_staff
from tests.staff.test_signing_in import BO, CODE, SIGN_IN, code_of, make_app

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = {**BO, "password": "guess"}


@pytest.fixture(autouse=True)
def few(settings):
    settings.LIMIT_SIGN_INS = settings.LIMIT_SIGN_INS_TO_ACCOUNT = 3


@pytest.fixture
def bo():
    bo = make_staff("bo", email="bo@group.example")
    make_app(bo)
    return bo


def half_in(number=0):
    """A browser that has given the right password, somewhere else each time."""
    browser = Client(REMOTE_ADDR=f"198.51.{number}.1")
    browser.post(SIGN_IN, BO)
    return browser


def statuses(browser, path, tries, **sent):
    """What so many tries are answered, each from another network."""
    return [
        browser.post(path, sent, REMOTE_ADDR=f"203.0.{n}.1").status_code
        for n in range(tries)
    ]


def is_in(browser):
    return SESSION_KEY in browser.session


@pytest.mark.parametrize("typed", [{}, {"login": "someone else"}, {"login": ""}])
def test_codes_are_counted_for_who_is_half_signed_in_whatever_is_typed(bo, typed):
    thief = half_in()

    answers = statuses(thief, CODE, 4, code="000000", **typed)
    others = statuses(half_in(1), CODE, 2, code="000000", login="yet another")

    assert answers == [200, 200, 200, 429]
    assert others == [429, 429]


def test_a_stranger_without_the_password_spends_nobodys_codes(client, bo):
    answers = statuses(Client(), CODE, 22, code="000000", login="bo")
    client.post(SIGN_IN, BO)

    client.post(CODE, {"code": code_of(SECRET)})

    assert set(answers) == {302}
    assert is_in(client)


def test_who_has_lost_her_tries_to_a_thief_is_in_by_a_new_password(
    client, bo, mailbox, work
):
    thief = half_in()
    statuses(thief, CODE, 5, code="000000")
    client.post(SIGN_IN, BO)
    closed = client.post(CODE, {"code": code_of(SECRET)})
    assert closed.status_code == 429
    assert 'href="/admin/account/password/reset/">Choose a new password' in closed.text

    client.post("/admin/account/password/reset/", {"email": bo.email})
    work()
    [link] = re.findall(r"http://testserver(/\S+)", mailbox.text())
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = "a new and long one"
    # So she needs not pass the page for the password, whose tries may be used up, too.
    statuses(Client(), SIGN_IN, 9, **WRONG)
    chosen = client.post(form, {"password1": new, "password2": new})
    assert chosen.url == CODE
    client.post(CODE, {"code": code_of(SECRET)})

    assert is_in(client)
    # And the thief, who knew the old one, is signed out.
    assert thief.get(CODE).url == SIGN_IN
    assert statuses(thief, CODE, 2, code="000000") == [302, 302]


def test_a_right_code_does_not_follow_a_password_that_was_changed(bo):
    thief = half_in()
    bo.set_password("a new and long one")
    bo.save()

    thief.post(CODE, {"code": code_of(SECRET)})

    assert not is_in(thief)


def test_a_passkey_costs_no_try(bo):
    thief, owner = half_in(), half_in(1)
    statuses(thief, CODE, 5, code="000000")

    assert owner.post(CODE, {"credential": "{}"}).status_code == 200
    assert owner.post(CODE, {"code": code_of(SECRET)}).status_code == 429


def test_the_hour_after_the_tries_are_there_again(bo, time_machine):
    thief = half_in()
    statuses(thief, CODE, 5, code="000000")

    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    owner = half_in(1)
    owner.post(CODE, {"code": code_of(SECRET)})

    assert is_in(owner)


def test_those_who_work_here_are_told_once_that_a_password_is_known(bo):
    statuses(half_in(), CODE, 3, code="000000")
    assert not Alert.objects.exists()

    statuses(half_in(1), CODE, 3, code="000000")

    said = Alert.objects.get().words
    assert "Somebody knows the password of “bo” and has tried too many codes" in said


def test_a_flood_from_one_address_locks_out_no_neighbour(bo):
    User.objects.filter(pk=bo.pk).update(username="other")
    flood = [
        Client(REMOTE_ADDR="198.51.100.1").post(SIGN_IN, {**WRONG, "login": f"{n}"})
        for n in range(20)
    ]
    neighbour = Client(REMOTE_ADDR="198.51.100.2")

    answer = neighbour.post(SIGN_IN, {**BO, "login": "other"})

    assert [page.status_code for page in flood] == [200] * 3 + [429] * 17
    assert answer.url == CODE


@pytest.mark.parametrize(
    ("address", "passed"), [("198.51.100.{}", 6), ("2001:db8:0:1::{}", 6)]
)
def test_a_network_has_an_end_too(address, passed):
    answers = [
        Client(REMOTE_ADDR=address.format(n)).post(SIGN_IN, {**WRONG, "login": f"{n}"})
        for n in range(1, 10)
    ]

    assert [page.status_code for page in answers] == [200] * passed + [429] * 3


def test_who_rotates_through_a_48_has_an_end():
    answers = [
        Client(REMOTE_ADDR=f"2001:db8:0:{n}::1").post(
            SIGN_IN, {**WRONG, "login": f"{n}"}
        )
        for n in range(1, 18)
    ]

    assert [page.status_code for page in answers] == [200] * 15 + [429] * 2


def test_what_an_address_has_used_up_counts_for_no_account(bo, settings):
    settings.LIMIT_SIGN_INS_TO_ACCOUNT = 5
    for _ in range(20):
        Client(REMOTE_ADDR="203.0.113.1").post(SIGN_IN, WRONG)

    assert half_in().get(CODE).status_code == 200


def test_who_hammers_outside_keeps_nobody_inside_from_saying_that_it_is_them(client):
    make_staff("bo")
    client.post(SIGN_IN, BO)
    statuses(Client(), SIGN_IN, 9, **WRONG)
    statuses(Client(), "/admin/account/confirmation/", 9, **WRONG)

    sent = {
        "oldpassword": "pw",
        "password1": "a long one 1",
        "password2": "a long one 1",
    }
    client.post("/admin/account/password/", sent)

    assert User.objects.get().check_password("a long one 1")


def test_who_has_stolen_a_session_cannot_guess_the_password_in_it(client):
    client.force_login(make_staff("bo"))

    answers = statuses(
        client, "/admin/account/confirmation/", 4, password="x", login="another"
    )

    assert answers == [200, 200, 200, 429]
