"""A campaign in further languages: its texts are rows beside it."""

import re
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from campaign_editor.copying import copy
from campaign_editor.stored import Stored
from campaigns.languages_desk import languages_desk
from campaigns.models import Campaign, CampaignText, FormerSlug, address
from campaigns.texts import texts_of
from petitions.models import Signature
from supporters.models import Consent
from tests.factories import (
    ADA,
    make_campaign,
    make_letter,
    make_letter_text,
    make_petition,
    make_staff,
    make_text,
    sign,
)

pytestmark = pytest.mark.django_db
FIRST = "원래 언어로 읽으실 수 있습니다: 영어."
PAGES = ["", "signatures/", "signatures/thanks/", "letter/", "letter/sent/"]
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">')


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("de", "Deutsch")]


@pytest.fixture
def campaign():
    campaign = make_petition(
        make_campaign(slug="bucheon", title="Close the market", story="<p>Dogs.</p>")
    ).campaign
    make_letter(campaign)
    return campaign


@pytest.mark.parametrize("below", PAGES)
def test_each_language_has_its_own_address_for_each_page(client, campaign, below):
    make_text(campaign, "ko", slug="sijang")

    assert client.get(f"/bucheon/{below}").status_code == 200
    assert client.get(f"/ko/sijang/{below}").status_code == 200
    assert client.get(f"/sijang/{below}")["Location"] == f"/ko/sijang/{below}"
    assert client.get(f"/de/bucheon/{below}").status_code == 200
    assert client.get(f"/ko/bucheon/{below}")["Location"] == f"/ko/sijang/{below}"


def test_a_page_says_the_texts_of_its_language(client, campaign):
    make_text(campaign, "ko", title="시장을 닫아 주세요", story="<p>개들.</p>")

    english, korean = client.get("/bucheon/").text, client.get("/ko/sijang/").text

    assert "<h1>Close the market</h1>" in english
    assert "시장을" not in english
    assert "<h1>시장을 닫아 주세요</h1>" in korean
    assert "<p>개들.</p>" in korean
    assert "Close the market" not in korean
    assert "/ko/sijang/signatures/" in korean
    assert "/bucheon/" not in korean[korean.index('<main id="main"') :]


def test_what_is_not_translated_is_in_the_first_language_and_says_so(client, campaign):
    make_text(campaign, "ko", title="시장을 닫아 주세요", story="")

    page = client.get("/ko/sijang/").text

    assert '<div lang="en" dir="auto"><p>Dogs.</p></div>' in page
    assert FIRST in page


@pytest.mark.parametrize(
    "below",
    ["", "signatures/", "count/", "embed/petition/", "embed/letter/"],
)
def test_an_ask_in_the_first_language_says_so_on_each_page_that_has_it(
    client, campaign, below
):
    Campaign.objects.update(story="", call_for_action="Please write.")
    text = make_text(campaign, "ko", title="시장을 닫아 주세요")

    assert FIRST in client.get(f"/ko/sijang/{below}").text
    text.ask, text.call_for_action = "시장을 닫아 주십시오.", "써 주세요."
    text.save()
    cache.clear()
    assert FIRST not in client.get(f"/ko/sijang/{below}").text


def test_a_mail_marks_an_ask_in_the_first_language(campaign, mailbox, work):
    make_text(campaign, "ko", title="시장을 닫아 주세요")
    sign(campaign.petition, language="ko")
    work()

    page = mailbox.last().get_body(("html",)).get_content()

    assert re.search(r'<span[^>]* lang="en" dir="auto"[^>]*>', page)
    assert not re.search(r'<b[^>]* lang="en"', page)


def test_a_draft_of_a_text_shows_to_nobody(client, campaign):
    text = make_text(campaign, "ko", published_at=None)

    assert client.get("/ko/sijang/").status_code == 404
    assert ALTERNATE.findall(client.get("/bucheon/").text) == []
    text.publish()
    address.learn()
    assert client.get("/ko/sijang/").status_code == 200


def test_a_page_names_its_other_languages_for_search_engines(client, campaign):
    make_text(campaign, "ko")

    for path in ("/bucheon/", "/ko/sijang/"):
        assert ALTERNATE.findall(client.get(path).text) == [
            ("en", "http://testserver/bucheon/"),
            ("ko", "http://testserver/ko/sijang/"),
            ("x-default", "http://testserver/bucheon/"),
        ]
    sitemap = client.get("/sitemap.xml").text
    assert "<loc>http://testserver/ko/sijang/</loc>" in sitemap


def test_readers_of_no_language_of_a_campaign_get_its_first_one(client):
    korean = make_petition(make_campaign(slug="bucheon", language="ko")).campaign
    make_text(korean, "de", slug="markt")

    for path in ("/ko/bucheon/", "/de/markt/"):
        links = dict(ALTERNATE.findall(client.get(path).text))
        assert [*links] == ["ko", "de", "x-default"]
        assert links["x-default"] == links["ko"]


def test_an_address_that_readers_have_seen_leads_on(client, campaign):
    text = make_text(campaign, "ko", slug="one")
    text.slug = "two"
    text.save()
    address.learn()

    assert client.get("/ko/one/letter/?s=mail")["Location"] == "/ko/two/letter/?s=mail"
    text.withdraw()
    address.learn()
    for old in ("one", "two"):
        assert client.get(f"/ko/{old}/")["Location"] == "/ko/bucheon/"
    text.publish()
    text.delete()
    address.learn()
    assert client.get("/ko/two/")["Location"] == "/ko/bucheon/"


def test_the_first_address_may_change_and_all_others_stay(client, campaign):
    make_text(campaign, "ko")
    campaign.slug = "cats"
    campaign.save()
    address.learn()

    assert client.get("/ko/sijang/").status_code == 200
    assert client.get("/bucheon/")["Location"] == "/cats/"


def test_no_two_campaigns_have_one_address(campaign):
    make_text(campaign, "ko", slug="one")
    other = make_campaign(slug="other")
    korean = make_campaign(slug="korean", language="ko")

    # The first address of a campaign is its own in each language.
    for slug in ("one", "korean", campaign.slug, "ko", "about"):
        with pytest.raises(ValidationError):
            make_text(other, "ko", slug=slug, published_at=None, checks=True)
    for row in (korean, other):
        row.slug = "one"
        with pytest.raises(ValidationError):
            row.full_clean()
    with pytest.raises(ValidationError):
        make_text(korean, "ko", slug="two", checks=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_text(other, "ko", slug="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_text(campaign, "ko", slug="three")


def test_an_old_address_of_a_text_is_taken_by_nobody_else(campaign):
    text = make_text(campaign, "ko", slug="one")
    text.slug = "two"
    text.save()

    with pytest.raises(ValidationError, match="old links"):
        make_text(make_campaign(), "ko", slug="one", checks=True)
    text.slug = "one"
    text.save()
    assert [former.slug for former in FormerSlug.objects.all()] == ["two"]


def test_what_is_said_in_another_language_is_never_stored(campaign):
    campaign.localize(make_text(campaign, "ko"))

    with pytest.raises(TypeError):
        campaign.save()


def test_home_lists_a_campaign_in_each_of_its_languages(client, campaign):
    make_text(campaign, "ko", title="시장을 닫아 주세요")

    korean = client.get("/ko/").text

    assert "시장을 닫아 주세요" in korean
    assert 'href="/ko/sijang/"' in korean
    assert "Close the market" not in korean
    assert '<h3 lang="en" dir="auto">' in client.get("/de/").text


def test_whoever_signs_in_korean_goes_on_in_korean(client, campaign, mailbox, work):
    make_text(campaign, "ko", title="시장을 닫아 주세요")

    response = client.post("/ko/sijang/signatures/", ADA)
    work()

    assert response.url.startswith("/ko/sijang/signatures/")
    assert client.get(response.url).status_code == 200
    mail = mailbox.last().get_body(("plain",)).get_content()
    assert "시장을 닫아 주세요" in mail
    assert "Close the market" not in mail
    path = mailbox.path_to("confirmation")
    assert path.startswith("/ko/sijang/")
    thanks = client.post(path)
    assert thanks.url == "/ko/sijang/signatures/thanks/"
    assert "시장을 닫아 주세요" in client.get(thanks.url).text


def test_a_campaign_that_changes_its_first_language_drops_that_text(client, campaign):
    make_text(campaign, "ko")
    campaign.language = "ko"
    campaign.save()
    address.learn()

    assert "<h1>Close the market</h1>" in client.get("/ko/bucheon/").text
    assert (
        '<h1 lang="ko" dir="auto">Close the market</h1>' in client.get("/bucheon/").text
    )


def test_texts_go_with_their_campaign():
    campaign = make_campaign()
    make_text(campaign, "ko")

    campaign.delete()

    assert not CampaignText.objects.exists()


def test_bo_writes_the_texts_of_a_language_and_shows_them(client, campaign):
    client.force_login(make_staff("bo", "Campaigners"))
    add = reverse("admin:campaigns_campaigntext_add")
    home = reverse("campaign_editor:home", args=[campaign.pk])
    translations = languages_desk(campaign).page()
    assert f'href="{translations}"' in client.get(home).text
    typed = {
        "campaign": campaign.pk,
        "language": "ko",
        "slug": "sijang",
        "title": "시장을 닫아 주세요",
        "summary": "도와주세요.",
    }

    client.post(add, typed)
    text = CampaignText.objects.get()
    address.learn()
    assert client.get("/ko/sijang/").status_code == 404
    preview = reverse("admin:campaigns_campaigntext_preview", args=[text.pk])
    assert "<h1>시장을 닫아 주세요</h1>" in client.get(preview).text
    change = reverse("admin:campaigns_campaigntext_change", args=[text.pk])
    client.post(change, {**typed, "title": "시장", "shows": "on"})
    address.learn()

    assert "<h1>시장</h1>" in client.get("/ko/sijang/").text
    history = reverse("admin:campaigns_campaigntext_history", args=[text.pk])
    assert "시장을 닫아 주세요" in client.get(history).text
    client.post(change, {**typed, "title": "시장"})
    address.learn()
    cache.clear()
    assert client.get("/ko/sijang/")["Location"] == "/ko/bucheon/"


def test_a_copy_has_the_texts_as_drafts_at_free_addresses(campaign):
    make_text(campaign, "ko", slug="sijang", title="시장")

    new = copy(campaign)

    text = new.texts.get()
    assert (text.slug, text.title, text.published_at) == ("sijang-2", "시장", None)


def test_one_person_in_three_languages_is_counted_once(client, campaign):
    make_text(campaign, "ko", slug="sijang")
    make_text(campaign, "de", slug="markt")
    for path in ("/bucheon/", "/ko/sijang/", "/de/markt/"):
        client.post(f"{path}signatures/", ADA)

    for signature in Signature.objects.all():
        signature.confirm()

    asked_in = Signature.objects.values_list("confirmation__language", flat=True)
    assert sorted(asked_in) == ["de", "en", "ko"]
    assert Signature.objects.counted().count() == 1
    assert campaign.petition.standing.count == 1
    assert "<strong>1</strong>" in client.get("/ko/sijang/").text


def test_people_agree_to_the_words_that_they_have_read(client, campaign):
    make_text(campaign, "ko", slug="sijang", ask="시장을 닫으십시오.")
    make_text(campaign, "de", slug="markt")

    for path, said in {
        "/bucheon/": "I ask the council to help.",
        "/ko/sijang/": "시장을 닫으십시오.",
        "/de/markt/": "I ask the council to help.",
    }.items():
        assert said in client.get(path).text
        client.post(f"{path}signatures/", ADA)
        agreed = Consent.objects.filter(kind="signature").order_by("pk").last()
        assert agreed.words.startswith(said)
    assert (agreed.language, agreed.ask_language) == ("de", "en")
    rows = Consent.objects.filter(kind="signature")
    assert rows.exclude(ask_language="").count() == 1
    key = "0" * 32
    visit = SimpleNamespace(key=key)
    page = render_to_string("supporters/_consents.html", {"rows": rows, "visit": visit})
    assert page.count("The campaign’s ask was in English there.") == 1
    assert '<p class="ask" lang="en" dir="auto">' in client.get("/de/markt/").text


def test_the_letter_on_home_says_in_which_language_it_leaves(client, campaign):
    make_text(campaign, "ko", slug="sijang")

    korean = client.get("/ko/").text
    assert '<div class="sheet-text" lang="en" dir="auto">' in korean
    assert '<a class="button" href="/ko/sijang/#letter">' in korean
    assert '<div class="sheet-text" dir="auto">' in client.get("/").text


def test_the_letter_on_home_is_the_readers_own_where_it_is_translated(client, campaign):
    make_text(campaign, "ko", slug="sijang")
    make_letter_text(campaign.letter, checks=True)

    page = client.get("/ko/").text

    assert '<div class="sheet-text" dir="auto">' in page
    assert "시장님" in page


def test_what_a_language_has_is_listed_for_translators():
    campaign = make_campaign(title="The visit")
    make_text(make_campaign(), "ko", slug="other", title="다른 글")

    assert texts_of(campaign, "ko")["ko"] == [(CampaignText, campaign, None)]

    text = make_text(campaign, "ko", published_at=None)

    [(model, row, found)] = texts_of(campaign, "ko")["ko"]
    assert (model, row, found) == (CampaignText, campaign, text)
    assert found.source == campaign
    assert model.in_first_language(row, "title") == "The visit"
    assert model.in_first_language(row, "ask") == ""
    names = [name for name, _field, _label in model.texts_for(row)]
    assert names == list(model.TOLD)


def test_words_of_the_first_language_say_so_above_the_letter_and_at_the_event(
    client, campaign
):
    campaign.call_for_action, campaign.event_name = "Please write.", "Visit"
    campaign.event_starts = campaign.event_ends = timezone.localdate()
    campaign.save()
    make_text(campaign, "ko", slug="sijang")

    for path in ("/ko/sijang/", "/ko/sijang/letter/"):
        page = client.get(path).text
        assert '<p lang="en" dir="auto">Please write.</p>' in page
        assert FIRST in page
    assert '<span lang="en" dir="auto">Visit</span>' in client.get("/ko/sijang/").text
    assert "<p>Please write.</p>" in client.get("/bucheon/").text


def test_the_checklist_names_a_language_without_the_letter(client, campaign):
    make_text(campaign, "ko", slug="sijang")
    stored = Stored(campaign)
    said = [item.words for item in stored.checklist.improvable]

    assert "The letter in Korean: the page has texts in it" in said

    make_letter_text(campaign.letter)
    said = [item.words for item in Stored(campaign).checklist.improvable]
    assert "The letter in Korean: the page has texts in it" not in said
