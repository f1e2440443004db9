"""Letters from pages of several languages are one for an official who reads one."""

import pytest

from letters.models import Delivery, Letter, Recipient
from letters.officials.reading import OfficialsLetters
from tests.letters.bilingual import (
    A_WEEK,
    HERE,
    KOREAN,
    THREE_LANGUAGES,
    arrived,
    form,
    korean_body,
    make_bilingual,
)

pytestmark = pytest.mark.django_db
OWN = "이 시장의 모든 개를 사랑합니다. 개들이 자유롭게 살 수 있도록 도와주십시오."


@pytest.fixture
def suggested(settings, time_machine):
    settings.LANGUAGES = THREE_LANGUAGES
    return make_bilingual()


@pytest.fixture
def write(client, mailbox, work, suggested):
    """Somebody sends the letter from a page, unchanged if they add nothing."""

    def write(name, path, **fields):
        body = korean_body() if path == KOREAN else form()["body"]
        typed = {"name": name, "email": f"{name}@mail.example", "own_words": ""}
        client.post(path, form(body=body, **{**typed, **fields}))
        work()
        client.post(mailbox.path_to("confirmation"))
        client.cookies.clear()
        work()
        return Letter.objects.latest("pk")

    return write


@pytest.fixture
def two_pages(write):
    return [write("Ada", HERE), write("Bo", KOREAN, subject="")]


def test_unchanged_letters_of_two_pages_are_one_letter_to_each_official(
    two_pages, mailbox, leave
):
    leave()

    mails = arrived(mailbox)
    assert mails["ward1"][0] == "Please help (one letter from 2 people)"
    assert mails["ward1"][1].startswith("Dear Mayor and Council:\n\nPlease help.\n\n")
    assert "\nAda, London\nBo, London\n" in mails["ward1"][1]
    assert mails["ward3"][0].startswith("도와주십시오 (")
    assert mails["ward3"][1].startswith("시장님과 시의회에:\n\n도와주십시오.\n\n")
    assert "\nAda, London\nBo, London\n" in mails["ward3"][1]
    assert len([m for m in mailbox.messages if "council.example" in m["To"]]) == 3


def test_who_wrote_with_others_of_another_page_reminds_nobody_alone(
    client, two_pages, leave, move_to
):
    leave()
    move_to(Delivery.objects.first().queued_at + 5 * A_WEEK)

    assert [Delivery.objects.filter(letter=each).count() for each in two_pages] == [
        3,
        3,
    ]
    for letter in two_pages:
        assert "follow-up/" not in client.get(letter.done_url).text


def test_own_words_leave_alone_from_every_page(write, mailbox, leave):
    write("Ada", HERE)
    write("Bo", KOREAN, subject="", own_words=OWN)
    assert OWN in arrived(mailbox)["ward1"][1]
    leave()

    assert arrived(mailbox)["ward1"][0] == "Please help"
    assert arrived(mailbox)["ward1"][1].count("Ada, London") == 1
    assert OWN not in arrived(mailbox)["ward1"][1]


def test_an_officials_page_shows_once_what_came_from_two_pages(two_pages, suggested):
    for recipient in suggested.recipient_list.recipients.all():
        letters = OfficialsLetters(recipient, suggested)

        [text] = letters.texts()
        assert (text.people, text.is_suggested) == (2, True)
        assert list(letters.own()) == []
        assert letters.writers(text.words).count() == 2


def test_a_mail_of_several_letters_names_the_campaign_in_its_language(
    write, suggested, mailbox, leave
):
    Recipient.objects.filter(order=3).update(rhythm=Recipient.Rhythm.DAILY)
    write("Ada", HERE, own_words="I love dogs.")
    write("Bo", KOREAN, subject="", own_words=OWN)
    leave()

    subject, text = arrived(mailbox)["ward3"]
    assert subject.endswith(": 시장 방문")
    assert "The visit" not in subject + text
