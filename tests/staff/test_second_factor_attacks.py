"""What somebody tries with a code of others, a code twice, or half a sign-in."""

from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from staff import urls
from staff.second_factor import SecondFactor
from tests.concurrency import at_once
from tests.factories import make_staff
from tests.staff.test_signing_in import BO, CODE, SIGN_IN, code_of, is_in, make_app

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"


def make_codes(user, seed="ab"):
    data = {"seed": SecondFactor().encrypt(seed * 40), "used_mask": 0}
    kind = Authenticator.Type.RECOVERY_CODES
    made = Authenticator.objects.create(user=user, type=kind, data=data)
    return made.wrap().get_unused_codes()


def make_passkey(user):
    """As it is stored; nothing here opens anything by it."""
    kind = Authenticator.Type.WEBAUTHN
    data = {"name": "Phone", "credential": {}}
    return Authenticator.objects.create(user=user, type=kind, data=data)


def half_in(name="bo"):
    browser = Client()
    browser.post(SIGN_IN, {**BO, "login": name})
    return browser


@pytest.fixture
def bo():
    bo = make_staff("bo")
    make_app(bo)
    return bo


def test_codes_of_another_account_open_nothing(bo):
    cy = make_staff("cy")
    of_cy = make_app(cy, "KRSXG5DJNZTWKRSXG5DJNZTWKRSXG5DJ")
    make_codes(bo)

    for code in (of_cy, *make_codes(cy, "cd")):
        thief = half_in()
        thief.post(CODE, {"code": code})
        assert not is_in(thief)
    assert (
        Authenticator.objects.get(user=cy, type="recovery_codes").data["used_mask"] == 0
    )


def test_a_recovery_code_that_said_who_is_there_opens_nothing_more(bo, time_machine):
    code = make_codes(bo)[0]
    browser = half_in()
    browser.post(CODE, {"code": code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    assert is_in(browser)
    browser.post(f"{ACCOUNT}confirmation/code/", {"code": code})

    thief = half_in()
    thief.post(CODE, {"code": code})

    assert not is_in(thief)


def test_new_recovery_codes_end_the_old_ones(bo):
    old = make_codes(bo)
    browser = half_in()
    browser.post(CODE, {"code": old[0]})
    browser.post(f"{ACCOUNT}second-factor/codes/new/")
    new = Authenticator.objects.get(user=bo, type="recovery_codes").wrap()

    thief = half_in()
    thief.post(CODE, {"code": old[1]})

    assert not set(old) & set(new.get_unused_codes())
    assert not is_in(thief)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_in_once_with_one_recovery_code():
    bo = make_staff("bo")
    make_app(bo)
    code = make_codes(bo)[0]
    browsers = [half_in() for _ in range(4)]

    at_once([partial(one.post, CODE, {"code": code}) for one in browsers])

    assert [is_in(browser) for browser in browsers].count(True) == 1


def test_half_a_sign_in_adds_sees_and_removes_nothing(bo):
    make_codes(bo)
    before = list(Authenticator.objects.values())
    thief = half_in()
    own = [
        f"{ACCOUNT}second-factor/",
        f"{ACCOUNT}second-factor/app/",
        f"{ACCOUNT}second-factor/app/removal/",
        f"{ACCOUNT}second-factor/passkeys/new/",
        f"{ACCOUNT}second-factor/passkeys/1/removal/",
        f"{ACCOUNT}second-factor/codes/",
        f"{ACCOUNT}second-factor/codes/new/",
        f"{ACCOUNT}second-factor/codes/download/",
        f"{ACCOUNT}password/",
        f"{ACCOUNT}sessions/",
        f"{ACCOUNT}confirmation/",
    ]
    assert {page.removeprefix(ACCOUNT) for page in own} - {"password/"} <= {
        str(each.pattern).replace("<int:pk>", "1") for each in urls.urlpatterns
    }

    for page in own:
        for answer in (thief.get(page), thief.post(page, {"code": "1", "name": "x"})):
            assert answer.status_code == 302
            assert SIGN_IN in answer.url
    assert list(Authenticator.objects.values()) == before
    assert not is_in(thief)


@pytest.mark.parametrize("what", ["app", "passkey"])
def test_removing_a_lost_one_ends_the_sessions_that_it_may_have_opened(bo, what):
    passkey = make_passkey(bo)
    owner, thief = half_in(), half_in()
    for code, browser in zip(make_codes(bo), (owner, thief), strict=False):
        browser.post(CODE, {"code": code})
        assert browser.get("/admin/").status_code == 200

    page = "app/removal/" if what == "app" else f"passkeys/{passkey.pk}/removal/"
    owner.post(f"{ACCOUNT}second-factor/{page}")

    assert bo.authenticator_set.exclude(type="recovery_codes").count() == 1
    assert owner.get("/admin/").status_code == 200
    assert thief.get("/admin/").status_code == 302
