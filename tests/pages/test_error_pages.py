import logging

import pytest
from django.db import connection
from django.http import HttpResponseBadRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from campaign_site import urls
from tests.factories import (
    ADA,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db


def broken(request):
    raise RuntimeError("a secret from the traceback")


def refused_without_a_word(request):
    return HttpResponseBadRequest()


urlpatterns = [
    path("broken/", broken),
    path("refused/", refused_without_a_word),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def with_broken_view(settings):
    settings.ROOT_URLCONF = __name__
    logging.getLogger("django.request").disabled = True
    yield Client(raise_request_exception=False)
    logging.getLogger("django.request").disabled = False


def assert_is_our_page(
    response, status, heading, way='href="/#campaigns">See the campaigns</a>'
):
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.text
    assert '<header class="site-header">' in response.text
    assert way in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert 'rel="canonical"' not in response.text
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_400_when_the_body_cannot_be_read(client):
    make_petition()

    response = client.generic(
        "POST", "/campaign-1/signatures/", b"--x", "multipart/form-data"
    )

    assert_is_our_page(response, 400, "We could not read this")


def test_400_for_a_host_that_is_not_ours(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert (response.status_code, response.text) == (
        400,
        "This site has another address.\n",
    )


def test_403_for_another_sites_form(stranger):
    response = stranger.post("/campaign-1/signatures/", ADA)

    assert_is_our_page(response, 403, "We cannot accept this form")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/nowhere", "/%00", "/%ff/", "/a/b/c/", "/.env", "/static/x"]
)
def test_404(client, path):
    response = client.get(path, follow=True)

    if not path.startswith("/static/"):
        assert_is_our_page(response, 404, "We cannot find this page")
    assert response.status_code == 404


def test_405_leads_to_the_campaign_and_says_which_methods_there_are(client):
    make_petition()

    response = client.put("/campaign-1/signatures/")
    elsewhere = client.put("/mine/")

    way = 'href="/campaign-1/">See the campaign</a>'
    assert_is_our_page(response, 405, "This page cannot be opened like this", way)
    assert_is_our_page(elsewhere, 405, "This page cannot be opened like this")
    assert "Start again from the campaign’s page." in response.text
    assert "Go back and try again." in elsewhere.text
    assert response["Allow"] == elsewhere["Allow"] == "GET, HEAD, POST"


def test_410_for_what_has_ended(client):
    make_petition(make_ended_campaign())

    response = client.get("/campaign-1/signatures/")

    assert response.status_code == 410
    assert "<h1>This petition has ended</h1>" in response.text
    assert '<a class="button" href="/campaign-1/">See the campaign</a>' in response.text
    assert '<header class="site-header">' in response.text


def test_413_says_how_much_fits(client):
    make_petition()

    response = client.post("/campaign-1/signatures/", {**ADA, "name": "a" * 300_000})

    assert_is_our_page(response, 413, "Your text is too long")
    assert "64,000 characters" in response.text


def test_429_says_when(client, settings):
    make_letter()
    settings.LIMIT_POSTS_A_MINUTE = 0

    response = client.post("/campaign-1/letter/", {"way": "app", "sent": ""})

    assert_is_our_page(response, 429, "Please wait a moment")
    assert response["Retry-After"] == "60"


def test_an_answer_without_words_gets_a_page(with_broken_view):
    response = with_broken_view.get("/refused/")

    assert_is_our_page(response, 400, "We could not read this")


def test_500_says_that_it_is_our_fault_and_nothing_about_the_inside(with_broken_view):
    with CaptureQueriesContext(connection) as queries:
        response = with_broken_view.get("/broken/")

    assert response.status_code == 500
    assert "<h1>Something broke on our side</h1>" in response.text
    assert "css/site.css" in response.text
    assert "secret" not in response.text
    assert response["Cache-Control"] == "no-store"
    assert len(queries) == 0


def test_500_also_when_the_static_manifest_is_missing(
    with_broken_view, settings, tmp_path
):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "campaign_site.static_files.HashedStaticFiles"},
    }

    for address in ("/broken/", "/privacy/", "/nowhere/"):
        response = with_broken_view.get(address)
        assert response.status_code == 500
        assert "Something broke" in response.text
        assert "Traceback" not in response.text


def test_500_also_when_the_templates_are_missing(with_broken_view, settings):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": []}]

    response = with_broken_view.get("/broken/")

    assert response.status_code == 500
    assert "Something broke" in response.text


def test_an_error_page_has_the_headers_of_every_page(with_broken_view):
    for address in ("/broken/", "/nowhere/", "/refused/"):
        response = with_broken_view.get(address)
        assert response["Content-Security-Policy"].startswith("default-src 'self';")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"


def test_what_is_gone_from_the_desk_leads_back_to_the_desk(client):
    client.force_login(make_staff("bo", "Moderators"))

    page = client.get("/admin/comments/comment/desk/4711/")

    assert page.status_code == 404
    assert 'href="/admin/">Back to “To do”</a>' in page.text
