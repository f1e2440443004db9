"""A follow-up says to each official in their language what its writer has read."""

import html
import re

import pytest

from letters.models import Delivery, Letter
from tests.letters.bilingual import (
    A_WEEK,
    HERE,
    KOREAN,
    THREE_LANGUAGES,
    arrived,
    korean_body,
    make_bilingual,
    send,
)

pytestmark = pytest.mark.django_db
OWN = "I love all the dogs of this market."


@pytest.fixture(autouse=True)
def suggested(settings, time_machine):
    settings.LANGUAGES = THREE_LANGUAGES
    return make_bilingual()


@pytest.fixture
def five_weeks_later(client, mailbox, work, leave, move_to):
    """Somebody sends a letter, which leaves; nobody answers. Returns the letter."""

    def five_weeks_later(path, **fields):
        send(client, mailbox, work, path, own_words=OWN, **fields)
        leave()
        move_to(Delivery.objects.first().queued_at + 5 * A_WEEK)
        mailbox.clear()
        return Letter.objects.get()

    return five_weeks_later


def receipt_of(client, letter, prefix=""):
    return html.unescape(client.get(f"{prefix}{letter.done_url}").text)


def press(client, work, letter, page):
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    path = re.search(r'action="(\S+/follow-up/)"', page)[1]
    client.post(path, {"seen": seen})
    work()


def copy_of_it(mailbox):
    [copy] = [m for m in mailbox.messages if m["To"] == "ada@mail.example"]
    return copy.get_body(("plain",)).get_content().replace("\r", "")


def test_each_official_is_reminded_in_their_language(
    client, mailbox, work, five_weeks_later
):
    letter = five_weeks_later(HERE)
    page = receipt_of(client, letter)
    press(client, work, letter, page)

    mails = arrived(mailbox)
    assert mails["ward1"][0] == "Re: Please help"
    assert "I wrote to you about “Please help”." in mails["ward1"][1]
    subject, text = mails["ward3"]
    assert subject == "Re: 도와주십시오"
    assert "“도와주십시오”" in text
    assert "I wrote to you" not in text
    for shown in (page, receipt_of(client, letter), copy_of_it(mailbox)):
        assert "Re: 도와주십시오" in shown
        for text in (mails["ward1"][1], mails["ward3"][1]):
            said = text.partition("\n\n-- \n")[0]
            assert said in shown.replace("<br>", "\n").replace("</p>\n\n<p>", "\n\n")
        assert "[Date" not in shown


def test_a_reader_of_another_language_reads_the_follow_up_in_their_own(
    client, mailbox, work, suggested, five_weeks_later
):
    suggested.recipient_list.recipients.update(language="")
    letter = five_weeks_later(KOREAN, own_in="en")
    page = receipt_of(client, letter, "/ko")
    press(client, work, letter, page)

    assert "I wrote to you about “Please help”." in arrived(mailbox)["ward1"][1]
    for shown in (page, receipt_of(client, letter, "/ko"), copy_of_it(mailbox)):
        assert "I wrote to you about “Please help”." in shown
        assert "“Please help”에 관해" in shown or "“도와주십시오”" in shown
        assert "[" not in re.sub("<.*?>", "", shown.partition("<main")[2])


def test_it_names_the_campaign_in_the_officials_language_once_the_subject_is_deleted(
    client, mailbox, work, five_weeks_later
):
    letter = five_weeks_later(KOREAN, subject="", body=korean_body())
    Letter.objects.filter(pk=letter.pk).remove_text()
    press(client, work, letter, receipt_of(client, letter, "/ko"))

    mails = arrived(mailbox)
    assert mails["ward1"][0] == "Re: The visit"
    assert mails["ward3"][0] == "Re: 시장 방문"
