"""Who sends a letter themselves has it in the language of each official, too."""

import html
import re
from email import message_from_bytes, policy
from urllib.parse import parse_qs, urlsplit

import pytest

from letters.models import Letter
from tests.factories import LETTER
from tests.letters.bilingual import (
    HERE,
    KOREAN,
    THREE_LANGUAGES,
    form,
    make_bilingual,
)
from tests.letters.test_envelope import read_mailto
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
SAYS_SO = "글쓴이가 아래 말을 영어로 덧붙였습니다."


@pytest.fixture(autouse=True)
def suggested(settings):
    settings.LANGUAGES = THREE_LANGUAGES
    return make_bilingual()


def preview(client, path=HERE, **fields):
    typed = {name: value for name, value in form(**fields).items() if name != "send"}
    return html.unescape(client.post(path, typed).text)


def further(page):
    """What the page has of the letter in the other language."""
    return re.search(r'<details class="more further".*?</details>', page, re.S)[0]


def _blank(tag):
    return "" if tag[0] in ("<b>", "</b>") else " "


def words(page):
    return " ".join(re.sub("<[^>]+>", _blank, page).split())


def test_the_page_says_who_gets_the_letter_in_which_language(client, suggested):
    page = words(client.get(HERE).text)
    assert "English: Council Member, Ward 1; Council Member, Ward 2 " in page
    assert "Korean: Council Member, Ward 3 " in page

    suggested.recipient_list.recipients.update(language="ko")
    page = words(client.get(HERE).text)
    assert "The letter leaves in Korean." in page
    assert "Council Member, Ward 1; " not in page


def test_each_way_has_the_letter_in_the_other_language(client):
    page = preview(client, own_words="I love dogs.")
    korean = further(page)

    links = dict(re.findall(r'<a [^>]*href="([^"]+)"[^>]*data-link="(\w+)"', korean))
    links = {name: link for link, name in links.items()}
    for name in ("gmail", "outlook", "yahoo"):
        sent = parse_qs(urlsplit(links[name]).query)
        assert sent["to"] == ["ward3@council.example"]
        assert "도와주십시오" in str(sent)
        assert "I love dogs." in str(sent)
    to, mail = read_mailto(links["mailto"])
    assert to == ["ward3@council.example"]
    assert mail["subject"] == "도와주십시오"
    [shown] = re.findall(r"<textarea[^>]*-ko-body[^>]*>(.*?)</textarea>", korean, re.S)
    assert shown.startswith("시장님과 시의회에:\n\n도와주십시오.")
    assert "I love dogs." in shown
    assert shown.endswith("Ada Lovelace, London")
    assert '<details class="more further" open' in page
    assert "These buttons send the letter in English." in page


def test_the_file_is_a_draft_in_the_language_that_was_chosen(client):
    typed = {**form(), "draft": "ko"}
    del typed["send"]

    answer = client.post(HERE, typed)
    draft = message_from_bytes(answer.content, policy=policy.default)
    unknown = client.post(HERE, {**typed, "draft": "es"})

    assert [a.addr_spec for a in draft["To"].addresses] == ["ward3@council.example"]
    assert draft["Subject"] == "도와주십시오"
    assert "I love dogs." in draft.get_content()
    assert "Dear" not in draft.get_content()
    assert "letter-ko.eml" in answer["Content-Disposition"]
    english = message_from_bytes(unknown.content, policy=policy.default)
    assert len(english["To"].addresses) == 2
    assert english["Subject"] == "Please help"


def test_beside_what_was_typed_stands_the_letter_in_the_readers_language(
    client, suggested
):
    suggested.recipient_list.recipients.update(language="")
    body = LETTER.replace("Please help.", "Please help them now.")

    page = preview(client, KOREAN, body=body, own_words="개", own_in="ko")

    assert '<p dir="auto">Please help them now.</p>' in page
    assert '<p dir="auto">도와주십시오.</p>' in page


def test_a_letter_that_waits_is_given_back_in_each_language(client, mailbox, work):
    client.post(HERE, form(own_words="I love dogs.", website="x"))
    letter = Letter.objects.get()
    enter(client, mailbox, work)
    page = html.unescape(client.get(letter.way_on).text)

    assert "ward1@council.example" in page
    assert "ward3@council.example" in page
    assert "시장님과 시의회에:\n\n도와주십시오." in page


def test_a_long_list_stands_on_its_own_page_in_each_language(client, suggested):
    people = suggested.recipient_list.recipients
    for number in range(51):
        people.create(office="Judge", email=f"j{number}@x.example", language="ko")

    korean = further(preview(client))

    assert "<span>j7@x.example</span>" not in korean
    assert "Find the addresses" in korean
