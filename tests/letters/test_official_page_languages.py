"""What stands on an official's page is marked with the language that it is in."""

import re

import pytest

from letters.models import Letter, OfficialAnswer, OfficialVisit, Recipient
from tests.factories import make_staff
from tests.letters.bilingual import THREE_LANGUAGES, make_bilingual, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def korean(settings, client, mailbox, work):
    """The addresses of an official's page, without a prefix and in Korean.

    They read Korean; the letter to them was written on the English page.
    """
    settings.LANGUAGES = THREE_LANGUAGES
    make_bilingual()
    send(client, mailbox, work)
    recipient = Recipient.objects.get(language="ko")
    OfficialVisit.objects.create(
        recipient=recipient, email=recipient.email, mail_key="mailed"
    )
    path = client.post("/officials/opening/mailed/").url
    return [f"{start}{path}" for start in ("", "/ko")]


def letters(client, path):
    return client.get(f"{path}letters/{Letter.objects.get().suggested_letter_id}/")


def test_a_letter_is_marked_with_the_language_in_which_it_left(client, korean):
    here, in_korean = (letters(client, path).text for path in korean)

    assert re.search(r'<div class="whole letter-words" lang="ko"[^>]*>시장님', here)
    assert '<h1 dir="auto">The visit' in here
    assert '<div class="own-words" lang="ko"' in here
    assert re.search(r'<div class="whole letter-words" dir="auto">시장님', in_korean)
    assert '<h1 dir="auto">시장 방문' in in_korean
    assert 'lang="en"' not in in_korean.partition("<main")[2].partition("</main>")[0]


def test_the_list_of_campaigns_names_each_in_the_language_of_the_page(client, korean):
    here, in_korean = (client.get(path).text for path in korean)

    assert "The visit" in here
    assert "시장 방문" in in_korean
    assert "The visit" not in in_korean


def test_a_suggested_subject_is_named_in_no_language(client, korean):
    for path in korean:
        assert "도와주십시오</bdi>" not in letters(client, path).text
    Letter.objects.update(subject="Stop it", in_languages=None)

    assert re.search(r"<bdi[^>]*>Stop it</bdi>", letters(client, korean[0]).text)


def test_an_answer_is_in_the_language_of_its_official(client, korean):
    recipient = Recipient.objects.get(language="ko")
    suggested = Letter.objects.get().suggested_letter
    answer = OfficialAnswer.objects.write(suggested, recipient, "감사합니다.")
    assert re.search(r'lang="ko" dir="auto"><p>감사', letters(client, korean[0]).text)
    answer.publish(by=make_staff("bo"), kind="supports")

    page = client.get(f"/bucheon/letter/answers/{answer.pk}/").text

    assert re.search(
        r'<div class="prose" lang="ko" dir="auto"><blockquote[^>]*><p>감사', page
    )
