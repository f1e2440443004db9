"""What nobody means well, sent to the sign-in pages: no fault, nobody inside."""

import json

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from staff.models import AuditEntry
from tests.factories import make_staff
from tests.hostile import MARKUP, URLENCODED, VALUES, urlencoded
from tests.staff.test_signing_in import BO, CODE, SIGN_IN, make_app

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"
# Where a passkey's answer goes in: by itself, and after the password.
PASSKEY = f"{ACCOUNT}login/passkey/"
CREDENTIALS = {
    "nothing": "",
    "no JSON": "{",
    "null": "null",
    "a number": "1",
    "a list": "[]",
    "an empty one": "{}",
    "deep": "[" * 100_000,
    "huge number": json.dumps({"id": 10**400}),
    "NUL": json.dumps({"id": "\x00", "rawId": "\x00"}),
    "wrong types": json.dumps({"id": 1, "rawId": [], "response": 7, "type": {}}),
    "foreign": json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": "MQ",
            },
        }
    ),
    "not of this alphabet": json.dumps({"id": "é", "rawId": "é", "response": {}}),
    "user of another world": json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "A" * 60,
                "signature": "AA",
                "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk",
            },
        }
    ),
}


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.LIMIT_SIGN_INS = settings.LIMIT_SIGN_INS_TO_ACCOUNT = 10**6


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def assert_nobody_is_in(response, visitor):
    assert response.status_code in (200, 302, 400, 413)
    assert MARKUP not in response.text
    assert "Traceback" not in response.text
    assert not any("Injected" in name for name in response.headers)
    assert SESSION_KEY not in visitor.session
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("field", ["login", "password", "next"])
def test_the_sign_in_form_takes_anything_and_lets_nobody_in(visitor, field, value):
    make_staff("bo")
    wrong = {**BO, "password": "guess"}

    body = urlencoded({**wrong, field: VALUES[value]})
    response = visitor.generic("POST", SIGN_IN, body, URLENCODED)

    assert_nobody_is_in(response, visitor)


@pytest.mark.parametrize("value", VALUES)
def test_the_code_form_takes_anything_and_lets_nobody_in(visitor, value):
    make_app(make_staff("bo"))
    visitor.post(SIGN_IN, BO)

    body = urlencoded({"code": VALUES[value]})
    response = visitor.generic("POST", CODE, body, URLENCODED)

    assert_nobody_is_in(response, visitor)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("path", ["password/reset/", "password/reset/1-abc/"])
def test_the_forms_for_a_forgotten_password_take_anything(visitor, path, value):
    make_staff("bo", email="bo@group.example")
    sent = VALUES[value]

    body = urlencoded({"email": sent, "password1": sent, "password2": sent})
    response = visitor.generic("POST", f"{ACCOUNT}{path}", body, URLENCODED)

    assert_nobody_is_in(response, visitor)


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize("challenged", [True, False], ids=["challenged", "not"])
def test_a_credential_that_no_browser_made_opens_nothing(visitor, name, challenged):
    make_staff("bo")
    if challenged:
        assert visitor.post(f"{PASSKEY}challenge/").status_code == 200

    response = visitor.post(PASSKEY, {"credential": CREDENTIALS[name]})

    assert_nobody_is_in(response, visitor)
    assert response.url == SIGN_IN


@pytest.mark.parametrize("name", CREDENTIALS)
def test_nor_does_it_after_the_password(visitor, name):
    make_app(make_staff("bo"))
    visitor.post(SIGN_IN, BO)

    response = visitor.post(CODE, {"credential": CREDENTIALS[name]})

    assert_nobody_is_in(response, visitor)


@pytest.mark.parametrize("name", CREDENTIALS)
def test_nor_is_it_kept_as_a_passkey(visitor, name):
    bo = make_staff("bo")
    visitor.post(SIGN_IN, BO)
    page = f"{ACCOUNT}second-factor/passkeys/new/"
    visitor.get(page)

    answer = visitor.post(page, {"credential": CREDENTIALS[name], "name": MARKUP})

    assert answer.status_code == 200
    assert MARKUP not in answer.text
    assert not bo.has_second_factor


@pytest.mark.parametrize("cookie", ["x" * 5000, "é", "' OR 1=1 --", "a" * 32])
def test_a_session_cookie_may_hold_anything(visitor, cookie):
    visitor.cookies["sessionid"] = cookie

    response = visitor.get("/admin/account/sessions/")

    assert response.status_code == 302
    assert response.url.startswith(SIGN_IN)
