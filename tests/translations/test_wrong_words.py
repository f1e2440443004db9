"""A reader says that a word is wrong; only the group reads it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from campaigns.languages_desk import languages_desk
from safeguards.blocks import Block
from tests.factories import make_campaign, make_petition, make_staff, make_text
from tests.hostile import VALUES
from tests.staff.forms import fields_of
from translations.models import WordReport

INBOX = "/admin/inbox/words/"
pytestmark = pytest.mark.django_db
FORM = "/wrong-words/"
TYPED = {"location": "/ko/sijang/", "words": "시장", "better": "장터"}


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]


@pytest.fixture
def client():
    """A browser on our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


def campaigner(client):
    client.force_login(make_staff("bo", "Campaigners"))


@pytest.fixture
def told():
    campaign = make_petition(make_campaign(slug="bucheon")).campaign
    make_text(campaign, "ko", slug="sijang", title="시장을 닫아 주세요")
    return campaign


def test_a_translated_page_has_the_link_and_others_do_not(client, told):
    make_petition(make_campaign(slug="plain"))
    make_text(make_campaign(slug="uri", language="ko"), "en", slug="ours")
    make_petition(make_campaign(slug="hana", language="ko"))

    for path in ("sijang/", "sijang/signatures/", "hana/", "", "privacy/", "mine/"):
        assert "/ko/wrong-words/" in client.get(f"/ko/{path}").text, path
    assert 'href="/wrong-words/"' in client.get("/ours/").text
    for path in ("/bucheon/", "/plain/", "/", "/privacy/"):
        assert "wrong-words/" not in client.get(path).text, path


def test_a_word_of_the_site_itself_is_of_no_campaign(client, told):
    client.post("/ko/wrong-words/", {**TYPED, "location": "/ko/privacy/"})

    report = WordReport.objects.get()
    assert (report.campaign, report.language) == (None, "ko")
    campaigner(client)
    page = client.get(INBOX)
    assert "/ko/privacy/" in page.text
    assert "Open the translation" not in page.text


def test_the_form_knows_the_page_and_the_group_reads_the_report(client, told):
    form = client.get(
        "/ko/wrong-words/", headers={"referer": "http://testserver/ko/sijang/?a=1"}
    )
    assert 'value="http://testserver/ko/sijang/"' in form.text

    answer = client.post(FORM, TYPED, follow=True)

    assert "We have your report" in answer.text
    report = WordReport.objects.get()
    assert (report.campaign, report.language) == (told, "ko")
    campaigner(client)
    assert "1</strong> <span>wrong word" in client.get("/admin/").text
    page = client.get(INBOX).text
    assert all(words in page for words in ("시장", "장터", "/ko/sijang/", "한국어"))
    done = client.post(INBOX, {"decision": "settle", "row": report.pk}, follow=True)
    assert WordReport.objects.get().settled_at is not None
    client.post(INBOX, {**fields_of(done), "decision": "undo"})
    assert WordReport.objects.get().settled_at is None


def test_a_report_leads_to_the_text_and_one_press_says_that_it_is_done(client, told):
    client.post("/ko/wrong-words/", TYPED)
    report = WordReport.objects.get()
    campaigner(client)

    page = client.get(INBOX).text

    assert escape(languages_desk(told).page("ko")) in page
    assert "한국어" in page
    settle = {"decision": f"settle:{report.pk}"}
    done = client.post(INBOX, settle, follow=True)
    assert "1 wrong word is done." in done.text
    report.refresh_from_db()
    assert (report.words, report.settled_by.username) == ("시장", "bo")
    assert "wrong word" not in client.get("/admin/").text.partition("<main")[2]


def test_nothing_of_a_report_is_public(client, told):
    client.post(FORM, {**TYPED, "words": "Zyxmark", "better": "Zyxmark"})

    for path in ("/ko/sijang/", "/", "/ko/", FORM, f"{FORM}thanks/"):
        assert "Zyxmark" not in client.get(path).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": ""}, "Copy the words that are wrong."),
        ({"words": "x" * 1001}, "Shorten this to 1,000 characters."),
        ({"words": "a\x00b"}, "hidden control characters"),
        ({"location": ""}, "Paste the address of the page."),
        ({"location": "https://elsewhere.example/"}, "Enter the full address"),
        ({"location": "//[::1"}, "Enter the full address"),
        ({"location": "/admin/"}, "Enter the full address"),
        ({"location": "/mine/abcdefgh/"}, "Only you can open this page."),
    ],
)
def test_a_fault_is_said_and_what_was_typed_stays(client, told, change, said):
    answer = client.post(FORM, {**TYPED, **change})

    assert answer.status_code == 422
    assert said in answer.text
    assert "장터" in answer.text
    assert not WordReport.objects.exists()


def test_no_value_breaks_the_form(client, told):
    for name, value in VALUES.items():
        for field in TYPED:
            if value is not None:
                answer = client.post(FORM, {**TYPED, field: value})
                assert answer.status_code < 500, (name, field)
    for referer in ("http://[", "javascript:alert(1)", "http://testserver/mine/x/"):
        page = client.get(FORM, headers={"referer": referer})
        assert page.status_code == 200
        assert "javascript:alert" not in page.text


def test_a_flood_is_slowed_down_and_a_double_press_is_one(client, told, settings):
    settings.LIMIT_NOTICES = 5
    for _twice in range(2):
        client.post(FORM, TYPED)
    assert WordReport.objects.count() == 1

    answers = [client.post(FORM, {**TYPED, "words": f"w{n}"}) for n in range(6)]

    assert answers[-1].status_code == 422
    assert "Your network has sent a lot of reports." in answers[-1].text
    assert WordReport.objects.count() == 4


@pytest.mark.parametrize("words", ["Grand Casino", "Write win@cheap.example"])
def test_what_looks_like_advertising_is_on_the_list_and_nobody_is_called(
    client, told, words
):
    Block.objects.create(kind="word", value="casino")

    client.post(FORM, {**TYPED, "better": words})

    campaigner(client)
    assert "wrong word" not in client.get("/admin/").text.partition("<main")[2]
    page = client.get(INBOX).text
    assert words.partition(" ")[2].partition(" ")[0] in page


def test_a_form_of_another_site_sends_nothing(client, told):
    answer = client.post(FORM, TYPED, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not WordReport.objects.exists()


def test_what_is_dealt_with_is_deleted_and_so_is_what_nobody_does(
    client, told, time_machine, settings
):
    client.post(FORM, TYPED)
    client.post(FORM, {**TYPED, "words": "other"})
    WordReport.objects.filter(words="other").settle(by=make_staff("bo"))

    after = timedelta(days=settings.KEEP_REPORT_WORDS_DAYS + 1)
    time_machine.move_to(timezone.now() + after)
    for kept in WordReport.personal_data.kept:
        list(kept.rule(WordReport).run())

    assert [report.words for report in WordReport.objects.all()] == ["시장"]
    assert WordReport.objects.get().network_hash == ""
