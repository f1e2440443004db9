import re

import pytest

from tests.factories import (
    make_letter,
    make_petition,
    make_staff,
    sign,
)

pytestmark = pytest.mark.django_db
CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
SIGN_IN = "/admin/account/login/"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/campaign-1/",
        "/campaign-1/signatures/",
        "/campaign-1/letter/",
        "/campaign-1/letter/sent/",
        "/privacy/",
        "/nowhere/",
        "/admin/account/login/",
    ],
)
def test_every_page_has_the_strict_policy_also_from_the_cache(stranger, path):
    make_letter(make_petition().campaign)

    for response in (stranger.get(path), stranger.get(path)):
        assert response["Content-Security-Policy"] == CSP
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=()" in response["Permissions-Policy"]


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/petitions/petition/add/", "/admin/staff/user/"]
)
def test_the_admin_has_it_too(client, path):
    client.force_login(make_staff(is_superuser=True))

    response = client.get(path)

    assert response.status_code == 200
    assert response["Content-Security-Policy"] == CSP
    assert "camera=()" in response["Permissions-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_the_storys_editor_adds_one_script_and_one_style_by_hash_and_nothing_else(
    client,
):
    client.force_login(make_staff(is_superuser=True))

    page = "/admin/campaigns/update/add/"
    policy = client.get(page)["Content-Security-Policy"]

    *strict, scripts, styles = policy.split("; ")
    assert "; ".join(strict) == CSP
    assert re.fullmatch(r"script-src 'self' 'sha256-[\w+/]{43}='", scripts)
    assert re.fullmatch(r"style-src 'self' 'sha256-[\w+/]{43}='", styles)


def test_the_cookie_of_a_supporter_over_https_is_secure_and_of_this_host(
    client, settings
):
    settings.SERVED_OVER_HTTPS = True
    token = sign(make_petition()).confirmation.link_key

    response = client.post(f"/campaign-1/signatures/{token}/confirmation/", secure=True)

    cookie = response.cookies["__Host-supporter"]
    assert list(response.cookies) == ["__Host-supporter"]
    assert (cookie["secure"], cookie["httponly"]) == (True, True)
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


def test_signing_in_sets_cookies_that_no_script_reads(client):
    make_staff("bo", "Campaigners")

    client.get(SIGN_IN)
    response = client.post(SIGN_IN, {"login": "bo", "password": "pw"})

    assert response.cookies["sessionid"]["httponly"] is True
    assert response.cookies["sessionid"]["samesite"] == "Lax"
    assert client.cookies["csrftoken"]["httponly"] is True


def test_what_staff_are_told_is_in_no_cookie(client):
    client.force_login(make_staff(is_superuser=True))
    before = set(client.cookies)

    response = client.post("/admin/account/logout/", follow=True)

    assert response.status_code == 200
    assert set(client.cookies) <= before | {"csrftoken", "sessionid"}
