"""The pages that say how the site works, which cookies it sets and who can use it."""

import re

import pytest
from django.apps import apps

from pages.cookies import all_cookies
from tests.factories import make_campaign, make_petition
from tests.test_architecture import FLOORS, ROOT

pytestmark = pytest.mark.django_db
OF_VOLUNTEERS = {"volunteer"} if apps.is_installed("volunteers") else set()


def test_every_page_leads_to_them(client):
    home = client.get("/").text

    for path in ("/how-it-works/", "/cookies/", "/accessibility/", "/privacy/"):
        assert f'href="{path}"' in home
        assert client.get(path).status_code == 200


def test_how_it_works_quotes_the_settings(client, settings):
    settings.KEEP_UNCONFIRMED_DAYS = 1
    settings.LIMIT_LETTERS_A_DAY = 5

    page = client.get("/how-it-works/").text

    assert "We delete it 1 day after our last email about it." in page
    assert "You can send up to 5 letters a day in each campaign." in page


def test_the_page_about_cookies_names_every_cookie_that_was_set(client):
    page = client.get("/cookies/")

    assert not page.cookies
    names = re.findall(r"<code>([^<]+)</code>", page.text)
    assert set(names[:-2]) == {"supporter", "posted", "official"} | OF_VOLUNTEERS
    assert names[-2:] == ["sessionid", "csrftoken"]
    client.get("/admin/login/")
    assert set(client.cookies) <= set(names)


def test_their_names_are_those_that_browsers_get(client, settings):
    settings.SERVED_OVER_HTTPS = True

    names = {cookie.name for cookie in all_cookies()}

    assert names == {
        "__Host-supporter",
        "__Host-posted",
        "__Host-official",
        *(f"__Host-{name}" for name in OF_VOLUNTEERS),
        "__Host-sessionid",
        "__Host-csrftoken",
    }


def test_no_cookie_is_set_but_by_the_one_home():
    """What it does not declare would stand on no page."""
    files = [file for room in FLOORS for file in (ROOT / room).rglob("*.py")]

    found = [file for file in files if ".set_cookie(" in file.read_text()]

    assert len(files) > 400
    assert found == [ROOT / "pages" / "cookies.py"]


def test_forms_that_are_no_content_are_not_listed_by_search_engines(client):
    campaign = make_campaign(slug="bucheon")
    make_petition(campaign)

    for path in ("/mine/", "/bucheon/signatures/", "/bucheon/follows/", "/follows/"):
        page = client.get(path, follow=True)
        assert page.status_code == 200, path
        assert '<meta name="robots" content="noindex' in page.text, path
    assert "noindex" not in client.get("/bucheon/").text
