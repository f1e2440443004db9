"""Which addresses of allauth a stranger reaches; none of them makes an account."""

import re

import pytest
from allauth.account import views
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver, reverse

from staff import urls
from staff.models import User
from tests.factories import make_staff
from tests.staff.test_signing_in import BO, SIGN_IN

pytestmark = pytest.mark.django_db
# What allauth offers, and we do not.
CLOSED = {
    "account_signup",
    "account_signup_by_passkey",
    "account_email",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_confirm_login_code",
    "account_request_login_code",
    "account_change_phone",
    "account_verify_phone",
    "mfa_signup_webauthn",
    "mfa_trust",
    "mfa_edit_webauthn",
    "socialaccount_login",
    "socialaccount_signup",
    "socialaccount_connections",
    "usersessions_list",
    "openid_login",
}
OF_ALLAUTH = "account|mfa|social|usersess|openid"
# Each address under /admin/account/, and what a stranger finds there.
TO_LOGIN = f"302 {SIGN_IN}"
OPEN = {
    "account_login": "200",
    "mfa_authenticate": TO_LOGIN,  # only between password and code
    "mfa_login_webauthn": TO_LOGIN,
    "account_passkey_challenge": "405",
    "account_provider": "405",  # a POST finds nothing without STAFF_SIGN_IN
    "account_provider_return": "404",
    "account_logout": "405",
    "account_reset_password": "200",
    "account_reset_password_done": "200",
    "account_reset_password_from_key": "200",
    "account_accept_invitation": "410",  # with no key that anybody has
    "account_set_password": "302 /admin/account/password/reset/",
    "mfa_list_webauthn": "302 /admin/account/second-factor/",
}
OWN = {
    "account_change_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "account_language",
    "account_sign_ins",
    "account_revocation",
}


def arguments_of(name):
    return {
        "account_reset_password_from_key": {"uidb36": "1", "key": "abc"},
        "account_accept_invitation": {"key": "abc"},
        "mfa_remove_webauthn": {"pk": 1},
    }.get(name, {})


def test_no_other_page_of_allauth_has_an_address():
    names = {pattern.name for pattern in urls.urlpatterns}
    of_allauth = {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and re.match(OF_ALLAUTH, name)
    }

    assert names == of_allauth == set(OPEN) | OWN
    assert not names & CLOSED


@pytest.mark.parametrize("name", sorted(OPEN))
def test_a_stranger_reaches_only_the_ways_in(client, name):
    response = client.get(reverse(name, kwargs=arguments_of(name)))

    shown = f"{response.status_code} {response.get('Location', '')}".strip()
    assert shown.partition("?")[0] == OPEN[name]


@pytest.mark.parametrize("name", sorted(OWN))
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_ones_own_asks_a_stranger_to_sign_in(client, name, method):
    response = getattr(client, method)(reverse(name, kwargs=arguments_of(name)))

    assert response.status_code == 302
    assert response.url.startswith(SIGN_IN)


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/abc/", "3rdparty/", "login/code/x/"]
)
@pytest.mark.parametrize("base", ["/admin/account/", "/accounts/", "/"])
def test_nobody_makes_an_account_by_themselves(client, base, path):
    sent = {"username": "eve", "password1": "eve's long one", "email": "e@e.example"}

    response = client.post(f"{base}{path}", sent)

    if response.status_code == 302:  # what the admin answers to a stranger anywhere
        assert response.url.startswith("/admin/login/")
    else:
        assert response.status_code in (404, 405)
    assert not User.objects.exists()


def test_sign_up_is_closed_even_if_its_page_came_back(rf):
    request = rf.post("/", {"username": "eve", "password1": "x", "password2": "x"})
    request.user, request.session = AnonymousUser(), {}
    with context.request_context(request):
        page = views.signup(request)

    assert page.template_name == "account/signup_closed.html"
    assert not User.objects.exists()


def test_another_sites_address_is_not_where_one_is_led(client):
    make_staff("bo")

    response = client.post(SIGN_IN, {**BO, "next": "https://evil.example/"})

    assert response.url == "/admin/"
