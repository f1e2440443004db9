"""A letter in English and Korean, to officials who read one of them."""

from datetime import timedelta

from letters.models import LetterText
from letters.suggested.placeholder_names import named_in
from tests.factories import (
    LETTER,
    make_campaign,
    make_letter,
    make_letter_text,
    make_text,
)

HERE, KOREAN = "/bucheon/letter/", "/ko/sijang/letter/"
A_WEEK = timedelta(days=7)
THREE_LANGUAGES = [("en", "English"), ("ko", "한국어"), ("es", "Español")]


def make_bilingual():
    """A letter in English and Korean; of three officials, the last reads Korean."""
    campaign = make_campaign(slug="bucheon", title="The visit")
    make_text(campaign, "ko", slug="sijang", title="시장 방문")
    letter = make_letter(campaign)
    letter.recipient_list.recipients.filter(order=3).update(language="ko")
    make_letter_text(letter, checks=True)
    return letter


def form(**fields):
    return {
        "name": "Ada Lovelace",
        "place": "London",
        "own_words": "I love dogs.",
        "subject": "Please help",
        "body": LETTER,
        "email": "ada@mail.example",
        "send": "",
        **fields,
    }


def send(client, mailbox, work, path=HERE, **fields):
    """Send a letter and confirm it; returns the receipt."""
    client.post(path, form(**fields))
    work()
    receipt = client.post(mailbox.path_to("confirmation"), follow=True)
    work()
    return receipt


def arrived(mailbox):
    """The mails to the officials, by address: (subject, text)."""
    return {
        m["To"].split("@")[0].rpartition("<")[2]: (
            m["Subject"],
            m.get_content().replace("\r", ""),
        )
        for m in mailbox.messages
        if "council.example" in m["To"]
    }


def korean_body():
    return named_in("ko", LetterText.objects.get().body)
