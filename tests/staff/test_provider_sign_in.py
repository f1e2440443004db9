"""Staff sign in by the group's own OpenID provider, and nobody else does."""

import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings as the_settings
from django.core.management import call_command
from django.test import Client
from joserfc.jwk import OctKey

from staff.models import User
from staff.open_id import OpenIdProvider
from tests.factories import make_staff
from tests.openid_provider import SECRET, ProviderOnLoopback, new_key
from tests.staff.test_signing_in import CODE, SIGN_IN, is_in, make_app

pytestmark = pytest.mark.django_db
START = "/admin/account/login/provider/"
RETURN = "/admin/account/login/provider/return/"
EMAIL = "bo@group.example"


@pytest.fixture(scope="module")
def running():
    provider = ProviderOnLoopback()
    yield provider
    provider.close()


@pytest.fixture
def provider(running, settings):
    running.algorithm, running.is_broken = "RS256", False
    running.published = running.key
    running.claims, running.metadata, running.header = {}, {}, {"kid": "1"}
    settings.STAFF_SIGN_IN = OpenIdProvider.at(running.setting)
    return running


@pytest.fixture
def bo():
    return make_staff("bo", email=EMAIL)


def path_back(client, provider, **sent):
    """Where somebody comes back to who has agreed at the provider."""
    answer = client.post(START, sent)
    assert answer.status_code == 302
    assert answer.url.startswith(f"{provider.origin}/ask?")
    back = provider.agrees(answer.url)
    assert back.startswith(f"{the_settings.SITE_URL}{RETURN}?")
    return back.removeprefix(the_settings.SITE_URL)


def state_asked(client):
    """That with which the provider is asked next."""
    return dict(parse_qsl(urlsplit(client.post(START).url).query))["state"]


def comes_in(client, provider, **sent):
    return client.get(path_back(client, provider, **sent))


def assert_refused(client, answer):
    """They are out, and the page of the sign-in says why."""
    assert (answer.status_code, answer.url) == (302, SIGN_IN)
    assert not is_in(client)
    assert "did not confirm an address" in client.get(SIGN_IN).content.decode()


def test_bo_gets_in_by_the_provider_and_where_she_was_going(client, provider, bo):
    before = bo.password

    answer = comes_in(client, provider, next="/admin/mail-samples/")

    assert (answer.status_code, answer.url) == (302, "/admin/mail-samples/")
    assert client.get("/admin/").status_code == 200
    bo.refresh_from_db()
    assert bo.password == before
    assert bo.check_password("pw")


def test_microsofts_word_for_a_verified_address_is_known(client, provider, bo):
    provider.claims = {"email_verified": None, "xms_edov": True}

    comes_in(client, provider)

    assert is_in(client)


def test_a_second_factor_is_asked_for_all_the_same(client, provider, bo):
    code = make_app(bo)

    answer = comes_in(client, provider, next="/admin/mail-samples/")

    assert answer.url.partition("?")[0] == CODE
    assert not is_in(client)
    assert client.post(CODE, {"code": code}).url == "/admin/mail-samples/"
    assert is_in(client)


def test_who_has_none_sets_one_up_where_it_is_required(client, provider, bo, settings):
    settings.STAFF_MFA = "required"

    comes_in(client, provider)

    assert client.get("/admin/").url == "/admin/account/second-factor/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email_verified": None},
        {"email_verified": None, "xms_edov": False},
        {"email_verified": False, "xms_edov": True},
        {"email": None},
        {"email": ""},
        {"email": [EMAIL]},
        {"email": "eve@group.example"},
        {"email": "bo@group.example "},
        {"email": "Bo@group.example"},
        {"email": "bo@group.example.evil.example"},
    ],
    ids=str,
)
def test_only_the_verified_address_of_an_account_opens_it(client, provider, bo, claims):
    User.objects.create_user("no-address", is_staff=True)
    provider.claims = claims

    assert_refused(client, comes_in(client, provider))
    assert User.objects.count() == 2


def test_two_accounts_with_one_address_are_both_left_alone(client, provider, bo):
    make_staff("cy", email=EMAIL)

    assert_refused(client, comes_in(client, provider))


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_does_not_work_here_stays_out(client, provider, bo, fields):
    User.objects.filter(pk=bo.pk).update(**fields)

    assert_refused(client, comes_in(client, provider))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-site"},
        {"aud": "another-site", "azp": "campaigns"},
        {"aud": ["campaigns", "another-site"]},
        {"nonce": "of another question"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_and_now_opens_nothing(client, provider, bo, claims):
    provider.claims = claims

    assert_refused(client, comes_in(client, provider))


def test_a_token_signed_by_another_key_opens_nothing(client, provider, bo):
    provider.published = new_key()

    assert_refused(client, comes_in(client, provider))


def test_a_token_that_names_a_key_nobody_knows_opens_nothing(client, provider, bo):
    provider.header = {"kid": "of eve"}

    assert_refused(client, comes_in(client, provider))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_the_providers_signature_opens_nothing(
    client, provider, bo, monkeypatch, algorithm
):
    provider.algorithm = algorithm
    monkeypatch.setattr(provider, "key", OctKey.import_key(SECRET.ljust(32)))

    assert_refused(client, comes_in(client, provider))


def test_an_answer_belongs_to_the_browser_that_asked(client, provider, bo):
    """Eve cannot have Bo sign in as Eve, nor use what Bo's browser was given."""
    of_bo = path_back(client, provider)
    eve = Client()

    assert_refused(eve, eve.get(of_bo))
    path_back(eve, provider)
    assert_refused(eve, eve.get(of_bo))


@pytest.mark.parametrize("query", ["", "?code=1", "?state=&code=1", "?state=é&code=1"])
def test_what_nobody_asked_for_is_refused(client, provider, bo, query):
    asked_before = len(provider.asked)
    assert_refused(client, client.get(f"{RETURN}{query}"))
    assert len(provider.asked) == asked_before  # strangers make us ask nobody
    client.post(START)
    assert_refused(client, client.get(f"{RETURN}{query}"))


def test_an_answer_and_its_code_work_once(client, provider, bo):
    path = path_back(client, provider)
    client.get(path)
    client.post("/admin/account/logout/")

    assert_refused(client, client.get(path))
    # Nor with the state of a new question.
    state = state_asked(client)
    code = dict(parse_qsl(urlsplit(path).query))["code"]
    assert_refused(client, client.get(f"{RETURN}?state={state}&code={code}"))


def test_who_says_no_at_the_provider_reads_what_to_do(client, provider, bo):
    state = state_asked(client)

    answer = client.get(f"{RETURN}?error=access_denied&state={state}")

    assert_refused(client, answer)


@pytest.mark.parametrize("told", [{"error": "access_denied"}, {"id_token": None}])
def test_nobody_is_led_to_an_account_by_an_answer_without_an_id_token(
    client, provider, bo, monkeypatch, told
):
    monkeypatch.setattr(provider, "token_for", lambda *args: told.get("id_token"))

    assert_refused(client, comes_in(client, provider))


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/"])
def test_another_sites_address_is_not_where_it_leads(client, provider, bo, next_page):
    assert comes_in(client, provider, next=next_page).url == "/admin/"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_provider_that_is_down_is_a_sentence(client, provider, bo, when):
    if when == "after":
        path = path_back(client, provider)
    provider.is_broken = True

    answer = client.post(START) if when == "before" else client.get(path)

    assert_refused(client, answer)


def test_nobody_listens_there(client, provider, bo, settings):
    settings.STAFF_SIGN_IN = OpenIdProvider.at("http://a:b@127.0.0.1:1")

    assert_refused(client, client.post(START))


@pytest.mark.parametrize(
    "metadata",
    [
        {"authorization_endpoint": "https://evil.example/ask"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)
def test_a_provider_that_leads_elsewhere_is_not_followed(
    client, provider, bo, metadata, capsys
):
    provider.metadata = metadata

    assert_refused(client, client.post(START))


def test_it_starts_by_a_button_of_ours_alone(client, provider, bo):
    assert client.get(START).status_code == 405
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403
    assert client.post(RETURN).status_code == 405
    assert not client.session.keys()


def test_tries_are_counted_by_network(client, provider, settings):
    settings.LIMIT_SIGN_INS = 2

    answers = [client.post(START).status_code for _each in range(3)]

    assert answers == [302, 302, 429]


def test_the_page_may_lead_to_the_provider_and_no_other_page_may(client, provider):
    page, other = client.get(SIGN_IN), client.get("/admin/account/password/reset/")

    assert f"Sign in with {urlsplit(provider.origin).netloc}" in page.content.decode()
    allowed = f"form-action 'self' {provider.origin};"
    assert allowed in page["Content-Security-Policy"]
    assert "form-action 'self';" in other["Content-Security-Policy"]


def test_it_is_off_unless_a_provider_is_named(client):
    assert the_settings.STAFF_SIGN_IN is None
    assert client.post(START).status_code == 404
    assert client.get(RETURN).status_code == 404
    page = client.get(SIGN_IN)
    assert START not in page.content.decode()
    assert "form-action 'self';" in page["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://id.example.org", "it is not like"),
        ("https://id@id.example.org", "it is not like"),
        ("id.example.org", "it is not like"),
        ("http://id:secret@id.example.org", "begin with https://"),
        ("https://id:secret@[::", "Invalid IPv6"),
    ],
)
def test_an_address_that_is_no_provider_says_what_is_wrong(url, words):
    with pytest.raises(ValueError, match=words):
        OpenIdProvider.at(url)


def test_an_address_is_read_as_it_stands_and_its_secret_is_not_shown():
    found = OpenIdProvider.at("https://an%40id:se%2Fcret@id.example.org:8443/a/b/")

    assert found.issuer == "https://id.example.org:8443/a/b/"
    assert (found.client_id, found.secret) == ("an@id", "se/cret")
    assert "cret" not in repr(found)


@pytest.mark.parametrize("is_broken", [False, True])
def test_the_doctor_says_whether_it_answers(provider, is_broken, capsys):
    provider.is_broken = is_broken
    with pytest.raises(SystemExit):  # much else is not there in a test
        call_command("doctor")
    [line] = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("sign-in")
    ]

    assert ("BROKEN" in line) is is_broken
    assert provider.issuer in line
