"""Updates in further languages: on pages, in the feed and in the mails of followers."""

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import UpdateText
from campaigns.texts import texts_of
from supporters.follow.audience import audience
from supporters.models import Mailing
from tests.factories import (
    make_campaign,
    make_follow,
    make_staff,
    make_text,
    make_update,
    make_update_text,
)

pytestmark = pytest.mark.django_db
KOREAN = "시장이 문을 닫았습니다."
NOT_YET = "Not all of this page is translated yet."


@pytest.fixture(autouse=True)
def three_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("es", "Español")]


@pytest.fixture
def update():
    campaign = make_campaign(slug="bucheon", title="The visit")
    make_text(campaign, "ko", slug="sijang", title="부천시장의 방문")
    return make_update(campaign)


def pages_of(update):
    return "", "updates/", f"updates/{update.pk}/", "updates/feed/"


def test_pages_and_feed_say_what_an_update_has_in_their_language(client, update):
    make_update_text(update)

    for below in pages_of(update):
        korean = client.get(f"/ko/sijang/{below}")
        assert korean.status_code == 200
        assert "새 소식" in korean.text
        assert "The Mayor answers" not in korean.text
        assert "The Mayor answers" in client.get(f"/bucheon/{below}").text


def test_what_is_not_translated_or_a_draft_stays_in_the_first_language(client, update):
    make_update_text(update, published_at=None)
    make_update_text(update, "es")

    page = client.get(f"/ko/sijang/updates/{update.pk}/").text
    there = client.get("/ko/sijang/").text

    assert '<h1 lang="en" dir="auto">The Mayor answers</h1>' in page
    assert KOREAN not in page
    assert '<h3 lang="en" dir="auto"><a href="' in there
    for below in ("", "updates/", f"updates/{update.pk}/"):
        assert (
            "원래 언어로 읽으실 수 있습니다: 영어."
            in client.get(f"/ko/sijang/{below}").text
        )
        assert NOT_YET not in client.get(f"/bucheon/{below}").text


def test_a_page_of_updates_that_are_all_translated_says_nothing(client, update):
    make_update_text(update)

    for below in ("", "updates/", f"updates/{update.pk}/"):
        assert "원래 언어" not in client.get(f"/ko/sijang/{below}").text


def test_links_of_an_update_stay_in_the_language_of_the_page(client, update):
    here = f"/ko/sijang/updates/{update.pk}/"

    assert f'href="{here}"' in client.get("/ko/sijang/updates/").text
    assert f"http://testserver{here}" in client.get("/ko/sijang/updates/feed/").text
    assert f'href="/bucheon/updates/{update.pk}/"' in client.get("/bucheon/").text


def test_each_follower_gets_it_in_their_language(mailbox, work, update):
    make_update_text(update, subject="시장 소식")
    campaign = update.campaign
    make_follow(campaign, "ada@mail.example", language="en")
    make_follow(campaign, "min@mail.example", language="ko")
    make_follow(campaign, "eva@mail.example", language="es")
    Mailing.objects.send(update, by=make_staff("bo"))
    mailbox.clear()
    work()

    mails = {m["To"]: m for m in mailbox.messages}
    korean = mails["min@mail.example"]
    assert korean["Subject"] == "시장 소식"
    text = korean.get_body(("plain",)).get_content()
    assert KOREAN in text
    assert f"http://testserver/ko/sijang/updates/{update.pk}/" in text
    assert "부천시장의 방문" in text
    for address in ("ada@mail.example", "eva@mail.example"):
        assert mails[address]["Subject"] == "The Mayor answers"
        assert "She says yes." in mails[address].get_body(("plain",)).get_content()
    for kind in ("plain", "html"):
        spanish = mails["eva@mail.example"].get_body((kind,)).get_content()
        assert "Se muestra en su idioma original: inglés." in spanish
        for whole in (korean, mails["ada@mail.example"]):
            words = whole.get_body((kind,)).get_content()
            assert "원래 언어" not in words
            assert "not translated yet" not in words
    assert 'lang="en"' in spanish


def test_the_sitemap_has_an_update_in_each_language_that_readers_get(client, update):
    english = make_update(make_campaign(slug="plain"), title="Plain news")
    make_update_text(update)
    make_update_text(update, "es")
    draft = make_update(update.campaign, title="Soon", published_at=None)
    make_update_text(draft)
    make_update_text(english)

    sitemap = client.get("/sitemap.xml").text

    for path in ("/bucheon", "/ko/sijang"):
        assert sitemap.count(f"<loc>http://testserver{path}/updates/{update.pk}/<") == 1
    assert sitemap.count("/updates/") == 3


def test_who_follows_all_campaigns_in_a_language_gets_those_that_have_it(update):
    make_follow(None, "min@mail.example", language="ko")
    make_follow(None, "eva@mail.example", language="es")

    assert audience(update)["total"] == 1


def test_translators_find_updates_and_the_first_language_is_refused(update):
    found = texts_of(update.campaign, "ko")["ko"]
    rows = [(model, row) for model, row, _text in found]
    assert (UpdateText, update) in rows

    with pytest.raises(ValidationError):
        UpdateText(update=update, language="en", title="x", text="<p>y</p>").clean()


def test_what_is_typed_into_a_text_of_an_update_is_cleaned(client, update):
    client.force_login(make_staff("root", is_superuser=True))
    typed = {
        "update": update.pk,
        "language": "ko",
        "title": "새 소식",
        "text": f"<p>{KOREAN}</p><script>alert(1)</script>",
        "shows": "on",
    }
    client.post("/admin/campaigns/updatetext/add/", typed)

    text = UpdateText.objects.get()
    assert KOREAN in text.text
    assert "<script" not in text.text
    assert text.published_at
