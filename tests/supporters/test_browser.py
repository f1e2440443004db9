import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from supporters.models import Supporter
from supporters.my_page import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return Supporter.objects.create(email="ada@mail.example")


def request_with_cookie_for(supporter, **options):
    response = HttpResponse()
    browser.remember(response, supporter, **options)
    request = RequestFactory().get("/")
    request.COOKIES = {name: m.value for name, m in response.cookies.items()}
    return request


def test_a_remembered_browser_is_known(ada):
    assert browser.supporter_of(request_with_cookie_for(ada)) == ada


def test_a_raised_version_forgets_every_browser(ada):
    request = request_with_cookie_for(ada)
    Supporter.objects.update(cookie_version=2)

    assert browser.supporter_of(request) is None


def test_an_old_cookie_is_not_believed(ada, time_machine):
    time_machine.move_to("2026-01-01T00:00:00Z")
    request = request_with_cookie_for(ada, own_device=True)
    time_machine.move_to("2026-02-01T00:00:01Z")

    assert browser.supporter_of(request) is None


@pytest.mark.parametrize("cookie", ["", "x", "WzEsMV0:1:x", "é\x00", "a" * 5000])
def test_a_forged_cookie_is_nobody(ada, cookie):
    request = RequestFactory().get("/")
    request.COOKIES = {browser.COOKIE.name: cookie}

    assert browser.supporter_of(request) is None


def test_the_cookie_is_bound_to_this_host_when_served_over_https(ada, settings):
    settings.SERVED_OVER_HTTPS = True
    response = HttpResponse()
    browser.remember(response, ada)

    cookie = response.cookies["__Host-supporter"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
