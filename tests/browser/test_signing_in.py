"""Staff sign in with passkeys and codes in a real browser, under the real policy."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from staff.models import AuditEntry, User
from staff.open_id import OpenIdProvider
from tests.browser.test_accessible import faults_of
from tests.browser.visitor import heading, without_javascript
from tests.factories import make_petition, make_staff, sign
from tests.openid_provider import ProviderOnLoopback
from tests.staff.test_signing_in import code_of, make_app

FACTORS = "/admin/account/second-factor/"


@pytest.fixture
def passkeys(page):
    """A phone or computer that keeps them, and whose owner is at it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def is_its_owner(answer):
        session.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": made["authenticatorId"], "isUserVerified": answer},
        )

    return is_its_owner


def sign_in(page, username="bo", *, leads_to="To do"):
    page.goto("/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("pw")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(heading(page)).to_have_text(leads_to)


def sign_out(page):
    at_the_desk(page)
    menu = page.get_by_text("Menu", exact=True)  # on a phone
    if menu.is_visible():
        menu.click()
    page.get_by_role("button", name="Sign out").click()
    expect(heading(page)).to_have_text("Signed out")


@pytest.fixture
def provider(settings, tolerated):
    """An OpenID provider at another host, to which the browser is led."""
    running = ProviderOnLoopback()
    settings.STAFF_SIGN_IN = OpenIdProvider.at(running.setting)
    tolerated.append(f"asked another host: {running.origin}/ask?")
    yield running
    running.close()


def test_bo_signs_in_by_the_provider_of_the_group(page, provider):
    make_staff("bo", email="bo@group.example")

    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with 127.0.0.1").click()

    expect(heading(page)).to_have_text("To do")


def add_passkey(page):
    page.goto(FACTORS)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(heading(page)).to_have_text("Recovery codes")


def at_the_desk(page):
    expect(heading(page)).to_have_text("To do")


def test_bo_adds_a_passkey_first_and_signs_in_with_it_alone(page, passkeys, settings):
    settings.STAFF_MFA = "required"
    make_staff("bo", is_superuser=True)
    sign_in(page, leads_to="Passkeys and codes")
    expect(page.get_by_text("Set up a passkey or an")).to_be_visible()

    add_passkey(page)
    expect(page.locator(".account-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have saved them").click()
    sign_out(page)
    page.goto("/admin/mail-samples/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(heading(page)).to_have_text("What our emails say")
    row = Authenticator.objects.get(type="webauthn")
    assert row.last_used_at is not None
    assert row.wrap().is_passwordless is True


def test_a_passkey_stands_behind_the_password_too(page, passkeys):
    make_staff("bo", is_superuser=True)
    sign_in(page)
    add_passkey(page)
    page.get_by_role("link", name="I have saved them").click()
    sign_out(page)

    sign_in(page, leads_to="Sign in")
    expect(page.get_by_label("Code")).to_be_visible()
    page.get_by_role("button", name="Use my passkey").click()

    at_the_desk(page)


def test_a_passkey_in_other_hands_opens_nothing_and_says_so(page, passkeys):
    make_staff("bo", is_superuser=True)
    sign_in(page)
    add_passkey(page)
    page.get_by_role("link", name="I have saved them").click()
    sign_out(page)
    passkeys(False)

    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_have_text(
        "That did not work, or you stopped it. Try again."
    )
    page.goto("/admin/")
    expect(heading(page)).to_have_text("Sign in")


@pytest.mark.parametrize("left", [{"is_active": False}, {"is_staff": False}])
def test_the_passkey_of_who_has_left_opens_nothing(page, passkeys, left):
    make_staff("bo", is_superuser=True)
    sign_in(page)
    add_passkey(page)
    User.objects.update(**left)

    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("no longer works here")).to_be_visible()
    expect(heading(page)).to_have_text("Sign in")


def test_a_passkey_is_removed(page, passkeys):
    make_staff("bo", is_superuser=True)
    sign_in(page)
    add_passkey(page)
    page.goto(FACTORS)
    page.get_by_role("link", name="Remove", exact=True).click()
    page.get_by_role("button", name="Yes, remove the passkey").click()

    expect(heading(page)).to_have_text("Passkeys and codes")
    assert not Authenticator.objects.exists()


def test_a_passkey_answers_whether_it_is_still_bo(page, passkeys, settings):
    make_staff("bo", is_superuser=True)
    sign_in(page)
    add_passkey(page)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    page.goto(f"{FACTORS}codes/new/")
    expect(heading(page)).to_have_text("Confirm that it is you")
    page.get_by_role("link", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Use my passkey")).to_be_visible()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    page.get_by_role("button", name="Use my passkey").click()

    expect(heading(page)).to_have_text("Make new recovery codes")


@without_javascript
def test_an_app_is_set_up_and_used_without_javascript(page, settings):
    settings.STAFF_MFA = "required"
    make_staff("bo", is_superuser=True)
    sign_in(page, leads_to="Passkeys and codes")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)

    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_text("I cannot scan the code").click()
    secret = page.locator("details code").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret, steps=-1))
    page.get_by_role("button", name="Set up the app").click()
    recovery = page.locator(".account-codes code").first.inner_text()
    page.get_by_role("link", name="I have saved them").click()
    sign_out(page)
    sign_in(page, leads_to="Sign in")
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    sign_out(page)
    sign_in(page, leads_to="Sign in")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_the_desk(page)


def test_bo_finds_a_strange_session_and_ends_it(page, client):
    bo = make_staff("bo", is_superuser=True)
    client.force_login(bo)
    client.get("/admin/", headers={"host": "localhost"})
    sign_in(page)
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Sessions").click()
    expect(page.locator(".account-list li")).to_have_count(2)

    page.locator(".account-list").get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("1 browser is signed out.")).to_be_visible()
    expect(page.locator(".account-list li")).to_have_count(1)
    assert bo.sign_ins.count() == 1


# The walks stop at each page in the state that shows most; axe looks at it there.


def before_the_password(page):
    page.goto("/admin/account/password/reset/")
    yield "forgotten password"
    page.goto("/admin/account/password/reset/done/")
    yield "a link is on its way"
    page.goto("/admin/account/password/reset/1-abc/")
    expect(page.get_by_text("no longer works")).to_be_visible()
    yield "a used link"
    page.goto("/admin/")
    expect(heading(page)).to_have_text("Sign in")
    yield "sign in"
    sign_in(page, "nobody", leads_to="Sign in")
    expect(page.get_by_text("do not match")).to_be_visible()
    yield "a wrong password"


def behind_the_password(page):
    make_app(User.objects.get())
    sign_in(page, leads_to="Sign in")
    page.get_by_label("Code").fill("0")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    yield "a wrong code"


def second_factors(page):
    sign_in(page)
    page.goto(FACTORS)
    expect(page.get_by_role("link", name="Add a passkey")).to_be_visible()
    yield "no factor"
    page.goto(f"{FACTORS}app/")
    page.get_by_text("I cannot scan the code").click()
    page.get_by_label("Authenticator code").fill("0")
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    yield "an app"
    page.goto(f"{FACTORS}passkeys/new/")
    expect(page.get_by_role("button", name="Add the passkey")).to_be_visible()
    yield "a new passkey"
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(heading(page)).to_have_text("Recovery codes")
    yield "recovery codes"
    page.goto(f"{FACTORS}codes/new/")
    expect(heading(page)).to_have_text("Make new recovery codes")
    yield "new codes"
    make_app(User.objects.get())
    page.goto(FACTORS)
    expect(page.get_by_text("My laptop")).to_be_visible()
    yield "factors"
    page.get_by_role("link", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Yes, remove the passkey")).to_be_visible()
    yield "remove a passkey"
    page.goto(FACTORS)
    page.get_by_role("link", name="Remove the app").click()
    expect(page.get_by_role("button", name="Yes, remove the app")).to_be_visible()
    yield "remove an app"
    page.goto(reverse("account_reauthenticate"))
    expect(page.get_by_text("Or use:")).to_be_visible()
    yield "is it still you"


def account_and_trail(page):
    sign(make_petition())
    sign_in(page)
    page.goto("/admin/petitions/signature/")
    page.goto("/admin/staff/auditentry/")
    expect(page.get_by_role("cell", name="looked at a list")).to_be_visible()
    yield "trail"
    page.goto(f"/admin/staff/auditentry/{AuditEntry.objects.get().pk}/change/")
    expect(page.get_by_role("heading", name="looked at a list")).to_be_visible()
    yield "a row of the trail"
    page.goto("/admin/account/password/")
    page.get_by_role("button", name="Change my password").click()
    expect(page.get_by_label("Current password")).to_be_focused()
    yield "password"
    page.goto("/admin/account/sessions/")
    expect(page.locator(".account-list li")).to_have_count(1)
    yield "sessions"
    page.goto("/admin/staff/user/")
    expect(page.get_by_role("link", name="bo", exact=True)).to_be_visible()
    yield "staff"


WALKS = [before_the_password, behind_the_password, second_factors, account_and_trail]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_everybody_on_the_staff_can_use(page, passkeys, walk):
    make_staff("bo", is_superuser=True)

    for name in walk(page):
        assert faults_of(page) == [], name
