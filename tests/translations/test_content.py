"""What people wrote in another language than that of the page says so."""

import re

import pytest
from django.utils.translation import override

from outbox import samples
from pages.templatetags.attributes import content_in
from supporters.models import Supporter
from tests.factories import (
    make_campaign,
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    sign,
)
from tests.letters.makers import confirmed
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
KOREAN = ' lang="ko" dir="auto"'


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]
    settings.LIMIT_MAILS_TO_ADDRESS = 9


@pytest.fixture
def korean():
    return make_campaign(language="ko", slug="bucheon", title="부천시장의 방문")


def html_of(mailbox):
    return mailbox.last().get_body(("html",)).get_content()


def test_a_text_in_the_language_of_the_page_names_none():
    assert content_in("en") == content_in("") == ' dir="auto"'
    with override("ko"):
        assert content_in("en") == ' lang="en" dir="auto"'


def test_my_page_names_the_language_of_each_campaign(client, mailbox, work, korean):
    make_counted(make_petition(korean), email="ada@mail.example", language="ko")
    confirmed(make_letter(korean), email="ada@mail.example")
    make_follow(korean)
    make_follow(make_campaign(title="An English one"))

    page = client.get(enter(client, mailbox, work)).text

    assert f'<a href="/ko/bucheon/"{KOREAN}>부천시장의 방문</a>' in page
    assert f"<p{KOREAN}>부천시장의 방문</p>" in page
    assert f"{KOREAN}>부천시장의 방문</h3>" in page
    assert ' dir="auto">An English one</h3>' in page


def test_a_mail_in_my_language_names_that_of_the_campaign(mailbox, work, korean):
    sign(make_petition(korean), language="ko")
    Supporter.objects.update(mail_language="en")

    work()

    assert '<html lang="en" dir="ltr">' in html_of(mailbox)
    titles = re.findall(r"<[ab][^>]*>부천시장의 방문</[ab]>", html_of(mailbox))
    assert len(titles) > 1
    for title in titles:
        assert 'lang="ko"' in title
        # Also where the style block is dropped, a line of Korean breaks between words.
        assert "word-break:keep-all" in title.replace(": ", ":")


def test_a_korean_mail_keeps_its_words_whole_and_breaks_other_languages_as_they_are(
    settings, mailbox, work
):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어"), ("ja", "日本語")]
    campaign = make_campaign(language="ja", slug="fuchon", title="富川市長の訪問")
    sign(make_petition(campaign), language="ja")
    Supporter.objects.update(mail_language="ko")

    work()

    page = html_of(mailbox).replace(": ", ":")
    assert '<html lang="ko"' in page
    assert re.search(r'<div class="sheet" style="[^"]*word-break:keep-all', page)
    for title in re.findall(r"<[ab][^>]*>富川市長の訪問</[ab]>", page):
        assert 'lang="ja"' in title
        assert "word-break:normal" in title


@pytest.mark.parametrize(("language", "way"), [("en", "ltr"), ("ar", "rtl")])
def test_a_mail_runs_in_the_direction_of_its_language(settings, language, way):
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]

    assert "confirm_signature" in samples.names()
    [(page, _kind)] = samples.write("confirm_signature", language).alternatives

    assert f'<html lang="{language}" dir="{way}">' in page
