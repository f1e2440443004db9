"""What every visitor gets from the cache: one rendering, in the encoding they take."""

import gzip
import random
import string

import brotli
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_campaign,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_staff,
)

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/campaign-1/",
    "/campaign-1/signatures/",
    "/campaign-2/",
    "/privacy/",
    "/robots.txt",
    "/sitemap.xml",
]
PERSONAL = ["/campaign-1/letter/", "/campaign-1/letter/sent/", "/favicon.ico"]
public_pages = pytest.mark.parametrize("path", PUBLIC)


@pytest.fixture(autouse=True)
def campaigns():
    petition = make_petition()
    make_letter(petition.campaign)
    make_ended_campaign(outcome="The council listened.")


@pytest.fixture
def renderings():
    """The pages rendered during a test."""
    pages = []

    def note(template, **more):
        if template.name != "base.html" and not template.name.startswith("_"):
            pages.append(template.name)

    template_rendered.connect(note)
    yield pages
    template_rendered.disconnect(note)


def test_a_thousand_random_query_strings_render_once(stranger, renderings):
    chance = random.Random(11)
    words = ["".join(chance.choices(string.printable, k=12)) for _ in range(1000)]
    first = stranger.get("/campaign-1/")
    assert renderings.count("campaigns/campaign.html") == 1

    with CaptureQueriesContext(connection) as queries:
        bodies = {
            stranger.get("/campaign-1/", {"fbclid": word, word: word}).content
            for word in words
        }

    assert bodies == {first.content}
    assert renderings.count("campaigns/campaign.html") == 1
    assert len(queries) == 0


@pytest.mark.parametrize("number", ["1", "0", "-1", "01", "abc", "", "１", "9" * 30])
def test_what_is_no_other_page_is_the_first(stranger, renderings, number):
    stranger.get("/campaign-1/")

    stranger.get("/campaign-1/", {"page": number})

    assert renderings.count("campaigns/campaign.html") == 1


@public_pages
def test_a_public_page_sets_no_cookie_and_varies_on_the_encoding_alone(stranger, path):
    for response in (stranger.get(path), stranger.get(path)):
        assert response.status_code == 200
        assert not response.cookies
        assert response["Vary"] == "Accept-Encoding"
        assert response["Cache-Control"] == (
            "public, max-age=0, s-maxage=8, stale-while-revalidate=16, "
            "stale-if-error=300"
        )


@public_pages
def test_a_visitor_with_a_staff_session_gets_the_very_same_page(stranger, path):
    theirs = stranger.get(path)
    cache.clear()
    stranger.force_login(make_staff())

    ours = stranger.get(path)

    assert "sessionid" in stranger.cookies
    assert not ours.cookies
    assert ours.content == theirs.content
    assert dict(ours.items()) == dict(theirs.items())


@pytest.mark.parametrize("cookie", ["x", "expired-long-ago-and-not-in-the-database"])
def test_a_session_cookie_that_is_worth_nothing_changes_nothing(
    stranger, renderings, cookie
):
    stranger.cookies["sessionid"] = cookie
    pages = {path: stranger.get(path) for path in PUBLIC}
    renderings.clear()

    for path, page in pages.items():
        assert not page.cookies
        assert page["Vary"] == "Accept-Encoding"
        assert Client().get(path).content == page.content
    assert renderings == []


@public_pages
@pytest.mark.parametrize(
    ("encoding", "decode"),
    [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)],
)
def test_every_encoding_holds_the_same_page(stranger, path, encoding, decode):
    plain = stranger.get(path)

    packed = stranger.get(path, headers={"accept-encoding": encoding})

    named = packed.headers.get("Content-Encoding", "identity")
    assert named == encoding
    assert decode(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("gzip;q=0.000", None),
        ("br;q=0., gzip;q=0.0", None),
        ("identity", None),
        ("", None),
        ("brotli, gzipped", None),
    ],
)
def test_a_visitor_gets_an_encoding_they_take(stranger, accepted, encoding):
    response = stranger.get("/privacy/", headers={"accept-encoding": accepted})

    assert response.headers.get("Content-Encoding") == encoding


@public_pages
@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
def test_whoever_has_the_page_gets_304(stranger, path, encoding):
    etag = stranger.get(path, headers={"accept-encoding": encoding})["ETag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        headers = {"accept-encoding": encoding, "if-none-match": known}
        response = stranger.get(path, headers=headers)
        assert response.status_code == 304
        assert response.content == b""
        assert response["ETag"] == etag
        assert response["Vary"] == "Accept-Encoding"
        assert response["Cache-Control"].startswith("public, max-age=0")


def test_another_page_or_another_encoding_is_no_304(stranger):
    etag = stranger.get("/", headers={"accept-encoding": "br"})["ETag"]

    for path, encoding in [("/privacy/", "br"), ("/", "gzip"), ("/", "")]:
        response = stranger.get(
            path, headers={"accept-encoding": encoding, "if-none-match": etag}
        )
        assert response.status_code == 200
        assert response["ETag"] != etag


def test_the_etag_changes_with_the_page(stranger):
    before = stranger.get("/")["ETag"]
    cache.clear()
    assert stranger.get("/")["ETag"] == before

    make_campaign(title="A new one")
    cache.clear()

    assert stranger.get("/")["ETag"] != before


@public_pages
def test_head_answers_as_get_does_without_a_body(stranger, path):
    head = stranger.head(path)
    get = stranger.get(path)

    assert head.content == b""
    assert head.headers == get.headers


@pytest.mark.parametrize("path", PERSONAL)
def test_a_personal_page_is_stored_nowhere(stranger, path):
    response = stranger.get(path)

    assert response.status_code in (200, 302)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/nowhere/", "/campaign-2/signatures/"])
def test_what_is_not_there_is_stored_nowhere(stranger, path):
    response = stranger.get(path)

    assert response.status_code in (404, 410)
    assert response["Cache-Control"] == "no-store"
