import pytest

from letters.models import Letter
from petitions.models import Signature
from tests.factories import ADA, make_letter, make_petition, sign

pytestmark = pytest.mark.django_db
EVIL = "https://evil.example"
OURS = "http://testserver"


@pytest.fixture(autouse=True)
def campaign():
    make_letter(make_petition().campaign)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": OURS},
        {"origin": OURS, "referer": f"{EVIL}/page"},
        {"referer": f"{OURS}/campaign-1/?utm_source=x"},
        {"origin": "null", "referer": f"{OURS}/campaign-1/"},
    ],
)
def test_a_form_of_our_own_pages_is_taken(stranger, headers):
    response = stranger.post("/campaign-1/signatures/", ADA, headers=headers)

    assert response.status_code == 302
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": OURS, "referer": f"{OURS}/"},
        {"origin": EVIL},
        {"origin": EVIL, "referer": f"{OURS}/"},
        {"origin": "null"},
        {"origin": "null", "referer": f"{EVIL}/{OURS}/"},
        {"origin": f"{OURS}:8080"},
        {"origin": f"{OURS}.evil.example"},
        {"origin": "https://"},
        {"referer": f"{EVIL}/"},
        {"referer": "http://testserver@evil.example/"},
        {"referer": "http://[broken"},
        {"referer": "/campaign-1/"},
    ],
)
def test_a_form_of_another_place_is_refused_and_nothing_is_stored(stranger, headers):
    for path, data in [
        ("/campaign-1/signatures/", ADA),
        ("/campaign-1/letter/", {"way": "app", "sent": ""}),
    ]:
        response = stranger.post(path, data, headers=headers)

        assert response.status_code == 403
        assert "<h1>We cannot accept this form</h1>" in response.text
        assert "site-header" in response.text
    assert not Signature.objects.exists()
    assert not Letter.objects.exists()


def test_another_scheme_is_another_origin(stranger, settings):
    """Whoever listens on the way can write a page for http://, not for https://."""
    settings.SITE_URL = "https://testserver"

    secure = stranger.post(
        "/campaign-1/signatures/", ADA, headers={"origin": "https://testserver"}
    )
    plain = stranger.post(
        "/campaign-1/signatures/", ADA, headers={"origin": "http://testserver"}
    )

    assert (secure.status_code, plain.status_code) == (302, 403)


def test_the_button_behind_a_mailed_link_is_guarded_too(client, stranger):
    signature = sign(make_petition())
    token = signature.confirmation.link_key
    path = f"/campaign-2/signatures/{token}/confirmation/"

    refused = stranger.post(path, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert not Signature.objects.counted().exists()

    assert client.post(path).status_code == 302
    assert Signature.objects.counted().get() == signature


def test_a_public_form_needs_no_token_and_sets_none(client):
    client.handler.enforce_csrf_checks = True

    response = client.post("/campaign-1/signatures/", ADA)

    assert response.status_code == 302
    assert list(response.cookies) == ["posted"]
    assert not client.get("/campaign-1/").cookies
    assert "csrfmiddlewaretoken" not in client.get("/campaign-1/").text


def test_the_admin_needs_its_token(client):
    client.handler.enforce_csrf_checks = True

    response = client.post("/admin/account/login/", {"login": "bo", "password": "pw"})

    assert response.status_code == 403
    assert "site-header" in response.text
