"""Who gets into the admin, how, and how often somebody may try."""

import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from safeguards.counters import Account, Limit, count
from staff.models import User
from staff.second_factor import SecondFactor
from tests.factories import make_staff
from tests.test_architecture import ROOT
from tests.worker import worker_environment

pytestmark = pytest.mark.django_db
SIGN_IN, CODE = "/admin/account/login/", "/admin/account/login/code/"
BO = {"login": "bo", "password": "pw"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_app(user, secret=SECRET):
    """An authenticator app, and what it shows now."""
    data = {"secret": SecondFactor().encrypt(secret)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    return code_of(secret)


def code_of(secret, steps=0):
    step = list(totp.yield_hotp_counters_from_time())[1] + steps
    return totp.format_hotp_value(totp.hotp_value(secret, step))


def is_in(client):
    return SESSION_KEY in client.session


def test_bo_signs_in_by_password_while_a_second_factor_is_offered(client):
    make_staff("bo")

    response = client.post(f"{SIGN_IN}?next=/admin/mail-samples/", BO)

    assert response.status_code == 302
    assert response.url == "/admin/mail-samples/"
    assert is_in(client)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_does_not_work_here_any_more_is_out_at_once(client, fields):
    bo = make_staff("bo")
    client.post(SIGN_IN, BO)
    assert client.get("/admin/").status_code == 200

    User.objects.filter(pk=bo.pk).update(**fields)

    assert client.get("/admin/").status_code == 302
    other = Client()
    other.post(SIGN_IN, BO)
    assert not is_in(other)


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/petitions/signature/", "/admin/mail-samples/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_required_leads_to_set_up_before_anything_else(client, settings, path, method):
    settings.STAFF_MFA = "required"
    make_staff("bo", is_superuser=True)
    client.post(SIGN_IN, BO)

    response = getattr(client, method)(path)
    page = client.get(response.url)

    assert (response.status_code, response.url) == (302, reverse("mfa_index"))
    assert "Set up a passkey or an authenticator app first" in page.text
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.post("/admin/logout/").status_code == 200


def test_the_first_administrator_sets_up_an_app_and_then_works(client, settings):
    settings.STAFF_MFA = "required"
    User.objects.create_superuser("bo", password="pw")
    client.post(SIGN_IN, BO)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    codes = client.post(
        reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True
    )

    assert secret in page.text
    assert "<svg" in page.text
    assert len(re.findall(r"<code>\d{8}</code>", codes.text)) == 10
    assert client.get("/admin/").status_code == 200
    stored = str(list(Authenticator.objects.values_list("data")))
    assert secret not in stored
    assert len(User.objects.get().authenticator_set.all()) == 2


@pytest.mark.parametrize("mode", ["required", "offered"])
def test_an_app_is_asked_for_after_the_password(client, settings, mode):
    settings.STAFF_MFA = mode
    code = make_app(make_staff("bo"))

    half = client.post(SIGN_IN, BO)
    assert half.url == CODE
    assert not is_in(client)
    assert client.get("/admin/").status_code == 302
    wrong = client.post(CODE, {"code": f"{(int(code) + 1) % 10**6:06d}"})
    assert "Incorrect code" in wrong.text
    assert not is_in(client)

    client.post(CODE, {"code": code})

    assert is_in(client)
    assert client.get("/admin/").status_code == 200


def test_a_code_works_once(client):
    code = make_app(make_staff("bo"))
    for one in (client, other := Client()):
        one.post(SIGN_IN, BO)
    client.post(CODE, {"code": code})
    # As in another web process, which knows nothing of this one's cache.
    cache.clear()

    again = other.post(CODE, {"code": code})

    assert is_in(client)
    assert not is_in(other)
    assert "Incorrect code" in again.text


def test_a_recovery_code_opens_once(client):
    bo = make_staff("bo")
    make_app(bo)
    data = {"seed": SecondFactor().encrypt("ab" * 40), "used_mask": 0}
    kind = Authenticator.Type.RECOVERY_CODES
    codes = Authenticator.objects.create(user=bo, type=kind, data=data).wrap()
    first, second = codes.get_unused_codes()[:2]

    for code, works in ((first, True), (first, False), (second, True)):
        one = Client()
        one.post(SIGN_IN, BO)
        one.post(CODE, {"code": code})
        assert is_in(one) is works


def test_another_secret_key_opens_no_account_and_breaks_nothing(client, settings):
    code = make_app(make_staff("bo"))
    settings.SECRET_KEY = "another one"
    client.post(SIGN_IN, BO)

    page = client.post(CODE, {"code": code})

    assert "Incorrect code" in page.text
    assert not is_in(client)


def test_an_old_secret_key_still_reads_what_it_wrote(client, settings):
    code = make_app(make_staff("bo"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    client.post(SIGN_IN, BO)

    client.post(CODE, {"code": code})

    assert is_in(client)


def test_setting_up_an_app_ends_the_other_sessions(client):
    bo = make_staff("bo")
    thief = Client()
    for one in (client, thief):
        one.post(SIGN_IN, BO)
        one.get("/admin/")
    page = client.get(reverse("mfa_activate_totp"))

    code = code_of(page.context["form"].secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert bo.has_second_factor
    assert client.get("/admin/").status_code == 200
    assert thief.get("/admin/").status_code == 302


def test_removing_the_app_asks_who_is_there_when_some_time_has_passed(
    client, time_machine
):
    bo = make_staff("bo")
    make_app(bo)
    client.force_login(bo)

    asked = client.post(reverse("mfa_deactivate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert bo.has_second_factor

    client.post(reverse("account_reauthenticate"), {"password": "pw"})
    client.post(reverse("mfa_deactivate_totp"))

    assert not bo.has_second_factor


def test_lost_everything_a_superuser_or_the_server_lets_in(client, capsys):
    bo, cy = make_staff("bo", is_superuser=True), make_staff("cy")
    make_app(cy)
    client.force_login(bo)

    data = {"action": "remove_second_factor", "_selected_action": [cy.pk]}
    client.post("/admin/staff/user/", data)
    assert not cy.has_second_factor

    make_app(cy)
    call_command("remove_second_factor", "cy")
    call_command("remove_second_factor", "cy")
    assert not cy.has_second_factor
    assert capsys.readouterr().out == "Removed.\nThere was none to remove.\n"


def test_a_network_cannot_guess_passwords_for_ever(client, settings):
    settings.LIMIT_SIGN_INS = 3
    make_staff("bo")
    tries = [
        client.post(SIGN_IN, {"login": f"bo{n}", "password": "guess"}).status_code
        for n in range(3)
    ]

    right = client.post(SIGN_IN, BO)

    assert tries == [200, 200, 200]
    assert right.status_code == 429
    assert "Wait 60 minutes" in right.text
    assert right["Retry-After"] == "3600"
    assert not is_in(client)
    assert client.get(SIGN_IN).status_code == 200


def test_many_networks_cannot_guess_one_password(client, settings):
    settings.LIMIT_SIGN_INS_TO_ACCOUNT = 3
    make_staff("bo")
    make_staff("cy")

    for n in range(3):
        client.post(SIGN_IN, {**BO, "password": "x"}, REMOTE_ADDR=f"203.0.{n}.1")

    assert client.post(SIGN_IN, BO, REMOTE_ADDR="203.0.9.1").status_code == 429
    assert client.post(SIGN_IN, {**BO, "login": " BO "}).status_code == 429
    assert client.post(SIGN_IN, {**BO, "login": "cy"}).status_code == 302


@pytest.mark.parametrize("code", ["000000", "12345678"], ids=["app", "recovery"])
def test_many_networks_cannot_guess_one_code(client, settings, code):
    settings.LIMIT_SIGN_INS_TO_ACCOUNT = 3
    right = make_app(make_staff("bo"))
    client.post(SIGN_IN, BO)
    for n in range(3):
        client.post(CODE, {"code": code}, REMOTE_ADDR=f"203.0.{n}.1")

    answer = client.post(CODE, {"code": right})

    assert answer.status_code == 429
    assert not is_in(client)


def test_a_forged_forwarding_header_gives_no_further_try(client, settings):
    settings.LIMIT_SIGN_INS = 2

    tries = [
        client.post(
            SIGN_IN,
            {"login": f"bo{n}", "password": "x"},
            headers={"x-forwarded-for": f"203.0.{n}.1"},
        ).status_code
        for n in range(3)
    ]

    assert tries == [200, 200, 429]


TRY = """
import django, sys
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
settings.LIMIT_SIGN_INS_TO_ACCOUNT = 3
wrong = {"login": "bo", "password": "x"}
print(*(Client().post("/admin/account/login/", wrong).status_code for _ in range(2)))
"""


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_tries_are_counted_across_two_processes(client, settings):
    settings.LIMIT_SIGN_INS_TO_ACCOUNT = 3
    wrong = {"login": "bo", "password": "x"}

    here = [client.post(SIGN_IN, wrong).status_code for _ in range(2)]
    there = subprocess.run(
        [sys.executable, "-c", TRY],
        cwd=ROOT,
        env=worker_environment(9),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert (here, there) == ([200, 200], "200 429")
    assert count(Limit.declared["sign-in password account"](Account("bo"))) == 4


def test_the_admins_own_password_page_leads_to_ours(client):
    client.force_login(make_staff("bo"))

    response = client.get("/admin/password_change/")

    assert response.url == reverse("account_change_password")
    sent = {
        "oldpassword": "pw",
        "password1": "a long one 1",
        "password2": "a long one 1",
    }
    client.post(response.url, sent)
    assert User.objects.get().check_password("a long one 1")
    assert client.get("/admin/").status_code == 200
