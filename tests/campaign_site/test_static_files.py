"""What a page loads, as production serves it: few files, which never change."""

import re
from urllib.parse import urljoin

import pytest
from django.core.management import call_command

from campaign_site.static_files import HashedStaticFiles
from pages.fragments import _html
from tests.factories import make_letter, make_petition
from tests.test_architecture import ROOT

CSS = ROOT / "static/css"
LINK = re.compile(r'rel="stylesheet" href="([^"]+)"')
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture
def production(settings, tmp_path, monkeypatch):
    """Static files are collected, and only those are served.

    They are not compressed, which takes 15 s of CPU; bin/check does that.
    """
    monkeypatch.setattr(HashedStaticFiles, "compress_files", lambda self, paths: ())
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "campaign_site.static_files.HashedStaticFiles"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    _html.cache_clear()  # pieces that other tests have made name other files


@pytest.mark.django_db
def test_a_page_has_one_stylesheet_and_few_modules(client, production):
    """The action page has two more than others: the letter's, and that of its links."""
    make_letter(make_petition().campaign)
    modules = {"/": 1, "/campaign-1/": 3, "/campaign-1/letter/": 3}

    for address in (*modules, "/mine/", "/nowhere/"):
        page = client.get(address).text
        found = set(STATIC.findall(page))
        scripts = {a for a in found if a.endswith(".js")}
        assert {a for a in found if a.endswith(".css")} == set(LINK.findall(page))
        assert len(LINK.findall(page)) == 1
        assert len(scripts | imported(client, scripts)) == modules.get(address, 1)
        assert all(map(HASHED.search, found)), found


def imported(client, scripts):
    """The addresses of what these modules import."""
    return {
        urljoin(script, found)
        for script in scripts
        for found in re.findall(r'^import .*"(.+?)"', body(client, script), re.M)
    }


def body(client, address):
    return b"".join(client.get(address)).decode()


@pytest.mark.django_db
def test_all_that_a_page_loads_is_there_and_may_be_kept_for_ever(client, production):
    make_letter(make_petition().campaign)
    addresses = STATIC.findall(client.get("/campaign-1/").text)
    [sheet] = [a for a in addresses if a.endswith(".css")]
    rules = body(client, sheet)

    named = re.findall(r'url\("([^"]+)"\)', rules)
    addresses += [urljoin(sheet, each) for each in named]
    modules = {a for a in addresses if a.endswith(".js")}
    addresses += imported(client, modules)
    answers = [client.get(address) for address in addresses]

    assert "@font-face" in rules
    assert "@import" not in rules
    assert len(named) == 2
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert all("immutable" in answer["Cache-Control"] for answer in answers)
    for answer in answers:
        answer.close()


@pytest.mark.django_db
def test_development_serves_the_stylesheet_whole_as_well(client, settings):
    assert settings.DEVELOPMENT

    rules = body(client, "/static/css/site.css")

    assert ".button" in rules
    assert "@import" not in rules


def test_the_stylesheet_has_every_file_or_a_page_links_it():
    imported = re.findall(r'@import url\("(.+)"\);', (CSS / "site.css").read_text())
    templates = "".join(p.read_text() for p in ROOT.glob("templates/**/*.html"))
    linked = re.findall(r'{% static "css/(.+?)" %}', templates)

    files = [f"components/{path.name}" for path in (CSS / "components").iterdir()]

    assert sorted(set(files) - set(imported)) == sorted(set(files) & set(linked))
    assert len(set(imported)) == len(imported)


def test_an_address_in_the_stylesheet_is_right_from_its_own_folder():
    parts = (CSS / "components").iterdir()

    assert [path.name for path in parts if "url(" in path.read_text()] == []
