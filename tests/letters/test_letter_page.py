"""The page on which a letter is written, without JavaScript."""

import html
import re
from email import message_from_bytes, policy

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from letters.models import Letter, Recipient
from letters.suggested.placeholders import NAME_AND_PLACE
from petitions.models import Signature
from supporters.models import Supporter
from tests.factories import (
    make_campaign,
    make_ended_campaign,
    make_letter,
    make_petition,
    sign,
)
from tests.letters.test_envelope import content, read_mailto

pytestmark = pytest.mark.django_db
PAGE = "/campaign-1/letter/"
TYPED = {
    "name": "Ada & Co Łovelace",
    "place": "Łódź, Poland",
    "own_words": "Dogs are friends.\r\nSo are cats.",
    "subject": "Help, 100 %",
    "body": f'Dear all:\r\n\r\n"Help" & thank you.\r\n\r\n{NAME_AND_PLACE}',
}
FINISHED = (
    'Dear all:\n\n"Help" & thank you.\n\nDogs are friends.\nSo are cats.\n\n'
    "Ada & Co Łovelace, Łódź, Poland"
)


@pytest.fixture(autouse=True)
def suggested():
    return make_letter(make_petition().campaign)


@pytest.fixture
def confirmed(client, suggested):
    """Ada's browser, after her signature is confirmed."""
    token = sign(suggested.campaign.petition).confirmation.link_key
    client.post(f"/campaign-1/signatures/{token}/confirmation/")
    return client


def values(page):
    """What stands in the fields of the form."""
    text = page.text.replace("\r\n", "\n")
    inputs = re.findall(r'<input type="text" name="(\w+)"(?: value="([^"]*)")?', text)
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', text, re.S)
    return {name: html.unescape(typed) for name, typed in inputs + areas}


def link(page, way):
    [address] = re.findall(rf'href="([^"]*)" data-link="{way}"', page.text)
    return html.unescape(address)


def test_the_page_is_empty_for_whoever_has_not_signed(client, suggested):
    page = client.get(PAGE)

    assert values(page)["name"] == values(page)["place"] == ""
    assert values(page)["subject"] == suggested.subject
    assert values(page)["body"] == suggested.body
    assert f'<mark dir="auto">{html.escape(NAME_AND_PLACE)}</mark>' in page.text
    assert link(page, "mailto") == link(page, "gmail") == "#letter-name"
    assert "Enter your name above and press “Update the preview”." in page.text
    assert page.text.count("@council.example</span>") == 3


def test_the_page_is_filled_in_for_the_browser_that_has_confirmed(confirmed):
    page = confirmed.get(PAGE)

    assert values(page)["name"] == "Ada Lovelace"
    assert values(page)["place"] == "London, United Kingdom"
    _to, fields = read_mailto(link(page, "mailto"))
    assert fields["body"].endswith("Ada Lovelace, London, United Kingdom")
    assert "Your name and place are already in the letter." in page.text


def test_nobody_else_sees_the_name(confirmed, client):
    cache.clear()

    own_action_page = confirmed.get("/campaign-1/")
    others = [Client().get(PAGE), Client().get("/campaign-1/")]

    assert values(own_action_page)["name"] == "Ada Lovelace"
    for page in others:
        assert 'value="Ada' not in page.text
        assert "London" not in page.text


@pytest.mark.parametrize("what", ["forged", "forgotten", "withdrawn"])
def test_a_cookie_that_is_no_longer_good_fills_in_nothing(confirmed, what):
    if what == "forged":
        confirmed.cookies["supporter"] = confirmed.cookies["supporter"].value.swapcase()
    if what == "forgotten":
        Supporter.objects.update(cookie_version=2)
    if what == "withdrawn":
        Signature.objects.get().withdraw()

    assert values(confirmed.get(PAGE))["name"] == ""


def test_the_name_of_another_petition_is_offered_too(confirmed, suggested):
    make_letter(make_campaign(slug="other"), recipients=suggested.recipient_list)

    assert values(confirmed.get("/other/letter/"))["name"] == "Ada Lovelace"


def test_the_preview_shows_the_finished_letter_and_keeps_what_was_typed(client):
    page = client.post(PAGE, {**TYPED, "preview": ""})

    kept = {name: text.replace("\r\n", "\n") for name, text in TYPED.items()}
    assert page.status_code == 200
    assert values(page) | kept == values(page)
    assert "Dogs are friends.<br>So are cats.</mark>" in page.text
    assert '">Ada &amp; Co Łovelace, Łódź, Poland</mark>' in page.text
    to, fields = read_mailto(link(page, "mailto"))
    assert len(to) == 3
    assert fields == {
        "subject": "Help, 100 %",
        "body": FINISHED.replace("\n", "\r\n"),
    }
    assert html.escape(FINISHED, quote=True) in page.text.replace("&#x27;", "'")


def test_the_preview_is_what_is_sent(client, mailbox, work):
    body = f"Dear all:\n\n\n    1.  Help.\n        2. Thank you.\n\n{NAME_AND_PLACE}"
    typed = {**TYPED, "body": body, "email": "ada@mail.example"}
    shown = client.post(PAGE, {**typed, "preview": ""})
    client.post(PAGE, {**typed, "send": ""})
    work()
    client.post(mailbox.path_to("confirmation"))
    work()

    [sheet] = re.findall(r'<div class="sheet-body".*?</p>\s*</div>', shown.text, re.S)
    parts = re.findall(r"<p[^>]*>(.*?)</p>", sheet, re.S)
    seen = "\n\n".join(map(plain, parts))
    [first] = [
        m for m in mailbox.messages if m["To"].startswith('"Council Member, Ward 1')
    ]
    sent = first.get_content().replace("\r\n", "\n")
    assert sent.partition("\n\n-- \n")[0] == seen
    assert "Ada & Co Łovelace sent this letter through" in sent


def plain(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup.replace("<br>", "\n")))


def test_an_empty_subject_is_that_of_the_campaign(client, suggested):
    page = client.post(PAGE, {**TYPED, "subject": " ", "preview": ""})

    _to, fields = read_mailto(link(page, "mailto"))
    assert fields["subject"] == suggested.subject
    assert f'<bdi data-out="subject">{suggested.subject}</bdi>' in page.text


def test_a_faulty_preview_says_what_to_mend_and_keeps_the_rest(client):
    page = client.post(PAGE, {**TYPED, "body": "", "place": "x" * 161})

    assert page.status_code == 422
    assert "<title>Error: Send the letter" in page.text
    assert '<a href="#letter-body">Enter a message.</a>' in page.text
    assert (
        '<a href="#letter-place">Shorten the place to 160 characters.</a>' in page.text
    )
    assert values(page)["name"] == TYPED["name"]
    assert values(page)["place"] == "x" * 161
    assert link(page, "mailto") == "#letter-name"


def test_a_draft_that_holds_the_placeholder_is_refused_at_the_name(client):
    page = client.post(PAGE, {**TYPED, "name": "", "draft": ""})

    sentence = "Enter your full name."
    assert page.status_code == 422
    assert f'<a href="#letter-name">{sentence}</a>' in page.text
    assert 'id="letter-name_error"' in page.text
    assert values(page)["own_words"] == TYPED["own_words"].replace("\r\n", "\n")
    assert "Content-Disposition" not in page.headers


def test_a_finished_letter_is_a_file_that_mail_programs_open(client):
    response = client.post(PAGE, {**TYPED, "draft": ""})

    draft = message_from_bytes(response.content, policy=policy.strict)
    assert response["Content-Type"] == "message/rfc822"
    assert response["Content-Disposition"] == 'attachment; filename="letter.eml"'
    assert draft["Subject"] == "Help, 100 %"
    assert content(draft) == FINISHED


def test_whoever_has_left_office_is_not_written_to(client):
    Recipient.objects.filter(office__endswith="2").update(left_office_on=timezone.now())

    page = client.post(PAGE, {**TYPED, "preview": ""})

    to, _fields = read_mailto(link(page, "mailto"))
    assert to == ["ward1@council.example", "ward3@council.example"]
    assert "ward2" not in page.text


def test_an_inbox_that_keeps_mail_for_the_record_is_said_to_be_one(client):
    Recipient.objects.filter(office__endswith="2").update(is_record=True)

    for path in (PAGE, "/campaign-1/"):
        page = client.get(path)
        assert page.text.count("for the official record") == 1


def test_a_letter_too_long_for_the_link_says_so_and_can_be_copied(client):
    page = client.post(PAGE, {**TYPED, "own_words": "Long. " * 300})

    _to, fields = read_mailto(link(page, "mailto"))
    assert set(fields) == {"subject"}
    assert '<p class="fine" data-long-note>Your letter is too long' in page.text
    assert "Long. Long." in page.text.split('id="copy-body"')[1]


def test_a_campaign_without_a_letter_has_no_letter_page(client):
    make_campaign(slug="bare")

    assert client.get("/bare/letter/").status_code == 404


def test_an_ended_campaign_takes_no_letters(client, suggested):
    ended = make_ended_campaign(slug="over")
    make_letter(ended, recipients=suggested.recipient_list)

    for page in (
        client.get("/over/letter/"),
        client.post("/over/letter/", {**TYPED, "sent": ""}),
        client.post("/over/letter/", {**TYPED, "draft": ""}),
    ):
        assert page.status_code == 410
        assert "<h1>It is too late to send this letter</h1>" in page.text
        assert 'href="/over/">See the campaign</a>' in page.text
    assert not Letter.objects.exists()


def test_the_recipients_of_an_ended_campaign_lead_back_to_it(client, suggested):
    make_letter(make_ended_campaign(slug="over"), recipients=suggested.recipient_list)

    page = client.get("/over/letter/recipients/")

    assert "<h1>Who the letter was for</h1>" in page.text
    assert '<a href="/over/">Back to the campaign</a>' in page.text
    assert "Back to the letter" not in page.text


def test_the_letter_page_is_never_stored(confirmed):
    for page in (confirmed.get(PAGE), confirmed.head(PAGE)):
        assert page["Cache-Control"] == "no-store"

    assert "max-age" not in confirmed.post(PAGE, TYPED).headers.get("Cache-Control", "")
