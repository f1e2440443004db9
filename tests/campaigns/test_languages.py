"""The address alone decides the language of a page."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import Campaign, address
from petitions.models import Signature
from supporters.models import Confirmation
from tests.factories import (
    ADA,
    make_campaign,
    make_comment,
    make_counted,
    make_letter,
    make_petition,
    make_text,
)

pytestmark = pytest.mark.django_db
PAGES = ["", "signatures/", "signatures/thanks/", "letter/", "letter/sent/"]


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def korean():
    campaign = make_campaign(
        language="ko",
        slug="bucheon",
        title="부천시장의 방문",
        event_starts=date(2016, 11, 2),
        event_ends=date(2016, 11, 8),
    )
    make_letter(campaign)
    return make_petition(campaign, ask="개고기 없는 도시를 만들어 주십시오.")


@pytest.mark.usefixtures("names_at_once")
def test_a_korean_campaign_is_shown_in_korean_at_its_own_address(client, korean):
    make_counted(korean, 1)
    day = datetime(2016, 11, 5, 12, tzinfo=UTC)
    make_comment(korean.campaign, name="MS", created_at=day)

    page = client.get("/ko/bucheon/")

    assert korean.campaign.get_absolute_url() == "/ko/bucheon/"
    assert '<html lang="ko" dir="ltr">' in page.text
    assert page["Content-Language"] == "ko"
    assert '<time datetime="2016-11-02">2016년 11월 2일</time> – ' in page.text
    assert '<time datetime="2016-11-08">2016년 11월 8일</time>' in page.text
    assert '<time datetime="2016-11-05">2016년 11월 5일</time>' in page.text
    assert '<option value="GB">영국</option>' in page.text
    newest = client.get("/ko/bucheon/signatures/newest/").text
    assert "<b><bdi>Ada Lovelace</bdi></b>, 영국" in newest
    assert 'href="http://testserver/ko/bucheon/"' in page.text


@pytest.mark.parametrize("below", PAGES)
def test_a_campaign_stands_at_one_address_in_each_language(client, korean, below):
    english = make_petition(slug="english").campaign
    make_letter(english, recipients=korean.campaign.letter.recipient_list)

    for path in ("/ko/bucheon/", "/bucheon/", "/english/", "/ko/english/"):
        assert client.get(f"{path}{below}").status_code == 200


def test_what_is_not_translated_says_so_and_leads_nobody_away(client, korean):
    """The site's words are the reader's, and the campaign's are marked as its own."""
    page = client.get("/bucheon/").text
    main = page[page.index('<main id="main"') :]

    assert '<html lang="en"' in page
    assert '<h1 lang="ko" dir="auto">부천시장의 방문</h1>' in page
    assert "You read the rest in its first language: Korean." in page
    assert "Sign the petition" in page
    assert '<option value="GB">United Kingdom</option>' in page
    assert 'action="/bucheon/signatures/"' in page
    assert "/ko/" not in main


def test_a_page_without_texts_names_the_first_one_to_search_engines(client, korean):
    page, first = client.get("/bucheon/").text, client.get("/ko/bucheon/").text

    canonical = '<link rel="canonical" href="http://testserver/ko/bucheon/">'
    assert canonical in page
    assert canonical in first
    assert 'hreflang="en" href="http://testserver/bucheon/"' not in page + first
    # Readers still choose among all languages.
    assert 'href="/ko/bucheon/" lang="ko"' in page
    assert 'href="/bucheon/" lang="en"' in first


def test_home_lists_all_campaigns_in_each_language(client, korean):
    make_campaign(title="An English one", slug="english")

    english, korean_home = client.get("/").text, client.get("/ko/").text

    assert '<h3 lang="ko" dir="auto"><a href="/bucheon/">부천시장의 방문' in english
    assert '<h3 lang="en" dir="auto"><a href="/ko/english/">An English' in korean_home


def test_who_signs_in_a_language_without_texts_goes_on_in_it(
    client, korean, mailbox, work
):
    response = client.post("/bucheon/signatures/", ADA)
    work()

    assert response.url.startswith("/bucheon/signatures/")
    assert Confirmation.objects.get().language == "en"
    mail = mailbox.last()
    assert "부천시장의 방문" in mail.get_body(("plain",)).get_content()
    assert "/ko/" not in mail.get_body(("plain",)).get_content()
    path = mailbox.path_to("confirmation")
    assert path.startswith("/bucheon/")
    assert '<html lang="en"' in client.get(path).text
    assert client.post(path).url == "/bucheon/signatures/thanks/"
    thanks = client.get("/bucheon/signatures/thanks/").text
    assert "/ko/" not in thanks[thanks.index('<main id="main"') :]
    assert Signature.objects.counted().exists()


def test_the_browsers_language_and_cookies_change_nothing(client, korean):
    english = client.get("/privacy/").content
    client.cookies["django_language"] = "ko"

    page = client.get("/privacy/", headers={"accept-language": "ko"})

    assert page.content == english
    assert page["Vary"] == "Accept-Encoding"


def test_whoever_signs_in_korean_goes_on_in_korean(client, korean, mailbox, work):
    response = client.post("/ko/bucheon/signatures/", ADA)
    work()

    assert response.url.startswith("/ko/bucheon/signatures/")
    assert Confirmation.objects.get().language == "ko"
    assert mailbox.path_to("confirmation").startswith("/ko/bucheon/")
    thanks = client.post(mailbox.path_to("confirmation"))
    assert thanks.url == "/ko/bucheon/signatures/thanks/"
    assert Signature.objects.counted().exists()


def test_an_error_page_speaks_the_language_of_its_address(client):
    assert '<html lang="ko"' in client.get("/ko/nowhere/").text
    assert '<html lang="en"' in client.get("/nowhere/").text


def test_the_sitemap_gives_each_campaign_its_own_address(client, korean):
    page = client.get("/sitemap.xml").text

    assert "<loc>http://testserver/ko/bucheon/</loc>" in page


@pytest.mark.parametrize(
    "path", ["/sv/", "/sv/bucheon/", "/fr/nowhere/", "/fr/no/where/"]
)
def test_a_prefix_that_no_site_can_have_had_leads_nowhere(client, korean, path):
    make_petition(slug="english")

    assert client.get(path).status_code == 404


def test_a_changed_address_leads_on_in_every_language(client, korean, mailbox, work):
    client.post("/bucheon/signatures/", ADA)
    work()
    confirmation = mailbox.path_to("confirmation")
    korean.campaign.slug = "visit"
    korean.campaign.save()
    address.learn()

    for below in (*PAGES, "updates/feed/", "count.json"):
        assert client.get(f"/bucheon/{below}")["Location"] == f"/visit/{below}"
        assert client.get(f"/ko/bucheon/{below}")["Location"] == f"/ko/visit/{below}"
    client.post(confirmation)
    assert Signature.objects.counted().exists()


def test_an_address_of_texts_is_not_taken_by_a_first_one(client, korean):
    """Both were legal before a first address was one in every language."""
    make_petition(make_campaign(slug="visit", title="Another one", language="ko"))
    make_text(korean.campaign, "en", slug="visit", title="The mayor comes")

    assert "<h1>The mayor comes</h1>" in client.get("/visit/").text
    assert "Another one</h1>" in client.get("/ko/visit/").text
    assert 'href="/visit/" lang="en"' not in client.get("/ko/visit/").text


def test_an_old_address_in_any_language_is_taken_by_nobody_else(client, korean):
    korean.campaign.slug = "visit"
    korean.campaign.save()

    with pytest.raises(ValidationError, match="old links"):
        Campaign(title="-", summary="-", slug="bucheon", language="en").full_clean()
