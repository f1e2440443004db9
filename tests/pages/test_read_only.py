"""What no browser sends, such as PUT or DELETE, at every public address of the site."""

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.converters import get_converters

from tests.factories import make_campaign, make_petition

pytestmark = pytest.mark.django_db

STAFF_ONLY = ("admin/", "anymail/", "development/")
NEEDS_A_VISIT = ("/mine/", "/officials/page/", "/translations/")
VALUES = {"slug": "bucheon", "str": "a-token", "int": "1"}
BY_PATTERN = {
    r"^[\s\S]+/$": "nowhere/",
    r"^branding/(?P<digest>[0-9a-f]{16})\.css$": f"branding/{'0' * 16}.css",
    r"^branding/(?P<kind>logo|icon)-(?P<digest>[0-9a-f]{16})\.png$": (
        f"branding/logo-{'0' * 16}.png"
    ),
    r"^media/pictures/(?P<name>[0-9a-f]{32})/"
    r"(?P<file>(?:[a-z]+-)?(?:[0-9]+|share)\.(?:jpg|webp|avif))$": (
        f"media/pictures/{'0' * 32}/800.jpg"
    ),
    r"^media/updates/(?P<name>[0-9a-f]{32})-(?P<file>800|1600)\.jpg$": (
        f"media/updates/{'0' * 32}-800.jpg"
    ),
}


def public_paths(patterns=None, before=""):
    """One address for each route that visitors have."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + filled_in(each.pattern)
        if route.startswith(STAFF_ONLY):
            continue
        if hasattr(each, "url_patterns"):
            yield from public_paths(each.url_patterns, route)
        else:
            yield f"/{route}"


def filled_in(pattern):
    route = str(pattern)
    for name in getattr(pattern, "converters", {}):
        for kind in get_converters():
            route = route.replace(f"<{kind}:{name}>", VALUES.get(kind, "1"))
    return BY_PATTERN.get(route, route)


@pytest.fixture
def strict():
    """A client that asks for CSRF tokens, as the site does."""
    make_petition(make_campaign(slug="bucheon"))
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_what_no_browser_sends_gets_a_page_in_the_look_of_the_site(strict, method):
    paths = list(public_paths())

    assert len(paths) > 90
    for path in paths:
        answer = strict.generic(method, path)
        if answer.status_code in (404, 410) and path.startswith(NEEDS_A_VISIT):
            continue  # it opens for one browser only, which is asked first
        assert answer.status_code == 405, path
        assert "GET" in answer["Allow"] or answer["Allow"] == "POST", path
        if path.startswith("/api/"):
            assert answer["Content-Type"] == "application/problem+json", path
            continue
        assert "This page cannot be opened like this" in answer.text, path
        is_framed = "/embed/" in path.removesuffix("/")
        assert ("site-footer" in answer.text) is not is_framed, path


def test_so_does_a_form_that_is_sent_to_a_page_without_one(strict):
    for path in ("/", "/cookies/", "/bucheon/", "/bucheon/updates/", "/robots.txt"):
        answer = strict.post(path, {"a": "b"})

        assert answer.status_code == 405, path
        assert answer["Allow"] == "GET, HEAD"
        assert "This page cannot be opened like this" in answer.text
