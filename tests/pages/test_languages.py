"""Every page names the languages of the site, by their own names."""

import re

import pytest

from branding import models
from branding.models import Branding
from pages.languages import with_territory
from tests.factories import make_campaign, make_petition, sign

pytestmark = pytest.mark.django_db
LINK = re.compile(
    r'<li><a href="([^"]+)" lang="([\w-]+)" hreflang="\2"(?: data-offer="[^"]+")?'
    r'( aria-current="true")?><bdi>([^<]+)</bdi></a></li>'
)
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">')


@pytest.fixture
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("pt-br", "Português")]


def row(page):
    return [(path, name, bool(here)) for path, _code, here, name in LINK.findall(page)]


def test_a_site_in_one_language_names_none(client, settings):
    settings.LANGUAGES = [("en", "English")]
    page = client.get("/privacy/").text

    assert row(page) == ALTERNATE.findall(page) == []
    assert "language-offer" not in page
    assert '<meta property="og:locale" content="en_US">' in page


def test_a_page_of_the_site_leads_to_itself_in_each_language(client, three_languages):
    page = client.get("/ko/privacy/").text

    assert row(page) == [
        ("/privacy/", "English", False),
        ("/ko/privacy/", "한국어", True),
        ("/pt-br/privacy/", "Português", False),
    ]
    assert ALTERNATE.findall(page) == [
        ("en", "http://testserver/privacy/"),
        ("ko", "http://testserver/ko/privacy/"),
        ("pt-br", "http://testserver/pt-br/privacy/"),
        ("x-default", "http://testserver/privacy/"),
    ]
    assert '<meta property="og:locale" content="ko_KR">' in page
    for path, _name, _here in row(page):
        assert client.get(path).status_code == 200


def test_the_first_page_is_that_of_each_language(client, three_languages):
    paths = [path for path, _name, _here in row(client.get("/").text)]

    assert paths == ["/", "/ko/", "/pt-br/"]
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]


def test_a_campaign_in_one_language_is_read_on_in_all(client, three_languages):
    make_petition(make_campaign(language="ko", slug="bucheon"))

    for below in ("", "signatures/"):
        page = client.get(f"/ko/bucheon/{below}").text
        paths = [f"/bucheon/{below}", f"/ko/bucheon/{below}", f"/pt-br/bucheon/{below}"]
        assert [each[0] for each in row(page)] == paths
        assert ALTERNATE.findall(page) == []


def test_nobody_is_offered_to_leave_what_they_were_mailed(client, three_languages):
    signature = sign(make_petition(), language="en")

    page = client.get(signature.inbox_url).text

    assert "language-offer" not in page
    assert "data-offer" not in page
    assert ALTERNATE.findall(page) == []
    assert "language-offer" in client.get("/campaign-1/").text


@pytest.fixture
def say():
    """Lets the group have written these words, by language."""

    def write(words):
        own = Branding.objects.get_or_create(pk=1)[0]
        own.words = words
        own.save()
        models.learn()

    return write


NOT_YET = "Not all of this page is translated yet."


@pytest.mark.parametrize("kind", ["about", "imprint", "privacy"])
def test_the_groups_own_texts_are_read_in_the_first_language_that_has_them(
    client, three_languages, say, kind
):
    say({"ko": {kind: "<p>우리</p>"}, "pt-br": {kind: "<p>Nós</p>"}})

    english = client.get(f"/{kind}/").text
    korean = client.get(f"/ko/{kind}/").text
    brazilian = client.get(f"/pt-br/{kind}/").text

    assert 'lang="ko" dir="auto"><p>우리</p></div>' in english
    assert f"{NOT_YET} You read the rest in its first language: Korean." in english
    assert "<p>우리</p>" in korean
    assert "<p>Nós</p>" in brazilian
    for page in (korean, brazilian):
        assert 'dir="auto"><p>' not in page
        assert "fine" not in page.partition("<h1")[2].partition("우리")[0][-200:]
    assert [each[0] for each in row(english)] == [
        f"/{kind}/",
        f"/ko/{kind}/",
        f"/pt-br/{kind}/",
    ]
    sitemap = client.get("/sitemap.xml").text
    for path in (f"/{kind}/", f"/ko/{kind}/"):
        assert f"<loc>http://testserver{path}</loc>" in sitemap
        assert f'href="/{kind}/"' in english


def test_what_the_group_has_written_in_no_language_is_not_there(
    client, three_languages, say
):
    say({"ko": {"about": ""}, "fr": {"about": "<p>Nous</p>"}})

    for path in ("/about/", "/ko/about/", "/imprint/"):
        assert client.get(path).status_code == 404
    assert "/about/" not in client.get("/").text


def test_the_sentence_of_the_group_is_ours_where_it_has_none(
    client, three_languages, say
):
    say({"en": {"description": "We help dogs."}})

    assert "We help dogs." in client.get("/privacy/").text
    assert "We help dogs." not in client.get("/ko/privacy/").text


def test_an_error_leads_to_the_first_pages(client, three_languages):
    page = client.get("/ko/nowhere/").text

    assert [each[0] for each in row(page)] == ["/", "/ko/", "/pt-br/"]
    assert ALTERNATE.findall(page) == []


def test_the_sitemap_has_the_pages_of_the_site_in_each_language(
    client, three_languages
):
    page = client.get("/sitemap.xml").text

    for path in ("/", "/ko/", "/pt-br/", "/ko/privacy/", "/pt-br/how-it-works/"):
        assert f"<loc>http://testserver{path}</loc>" in page


def test_pages_differ_by_their_address_alone(client, three_languages):
    korean = client.get("/ko/privacy/").content

    page = client.get("/ko/privacy/", headers={"accept-language": "pt-BR"})

    assert page.content == korean
    assert page["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("code", "locale"),
    [
        ("en", "en_US"),
        ("ko", "ko_KR"),
        ("pt-br", "pt_BR"),
        ("ar", "ar_EG"),
        ("ja", "ja_JP"),
    ],
)
def test_open_graph_gets_a_language_with_its_territory(code, locale):
    assert with_territory(code) == locale
