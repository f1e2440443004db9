"""An official's answer to everybody that comes by email."""

import re

import pytest

from letters.models import OfficialAnswer
from letters.officials.by_mail import record_address
from outbox.models import IncomingMail
from tests.factories import make_letter, make_staff
from tests.letters.test_official_answer import ANSWER, answers_to, decide
from tests.letters.test_official_page import enter, send, ward, words_of
from tests.outbox.test_incoming import pipe

pytestmark = pytest.mark.django_db
MAIL = """\
{found}From: Ward 1 <{sender}>
To: <{to}>
Subject: Re: Please help
Message-ID: <{name}@council.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset="utf-8"

{text}

On 3 December, Ada Lovelace via Letters wrote:
> Dear Mayor and Council:
>
> Please help.
--part
Content-Type: application/pdf
Content-Disposition: attachment; filename="agenda.pdf"

%PDF
--part--
"""
FOUND = "Authentication-Results: {}; dmarc={} header.from={}\n"
AUTH = "Authentication-Results: mx.letters.example; "
PASS = "dmarc=pass header.from=council.example"


@pytest.fixture
def letter(settings):
    settings.INCOMING_MAIL_URL = "pipe:"
    settings.INCOMING_MAIL_CHECKED_BY = "mx.letters.example"
    return make_letter()


def mailed(letter, text=ANSWER, name="one", **other):
    told = {"to": record_address(letter, ward(1)), "sender": ward(1).email, "found": ""}
    return MAIL.format(text=text, name=name, **{**told, **other}).encode()


def test_an_answer_by_email_joins_its_letter_and_is_published(
    client, mailbox, work, letter, settings
):
    settings.CONTACT_EMAIL = "group@site.example"
    send(letter, 1)
    work()
    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")
    [address] = set(re.findall(r"answers\+[\w-]+@letters\.example", page.text))

    assert pipe(mailed(letter, to=address.upper())) == "answer"
    work()

    answer = OfficialAnswer.objects.get()
    assert (answer.letter, answer.recipient) == (letter, ward(1))
    assert answer.text == ANSWER
    assert "Thank you. We have your answer." in words_of(
        client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")
    )
    [whole] = [m for m in mailbox.messages if m["Subject"] == "Reply: Re: Please help"]
    assert whole["To"] == "group@site.example"
    assert b"agenda.pdf" in next(iter(whole.iter_attachments())).get_content()
    assert IncomingMail.objects.get().raw is None
    client.force_login(make_staff("bo", "Campaigners"))
    assert decide(client, answer, "publish").status_code == 302
    work()
    people, mails = answers_to(mailbox)
    assert people == ["p1@mail.example"]
    text = mails[0].get_body(("plain",)).get_content().replace("\r\n", " ")
    assert "They emailed it to our site" in text
    assert "They wrote it on our site" not in text


@pytest.mark.some
@pytest.mark.parametrize(
    ("found", "sender", "shown"),
    [
        ("", None, "We could not check who sent it."),
        (
            FOUND.format("mx.letters.example", "pass", "council.example"),
            None,
            "is real",
        ),
        (FOUND.format("MX.letters.example", "fail", "council.example"), None, "forged"),
        (FOUND.format("mx.letters.example", "pass", "eve.example"), None, "forged"),
        (FOUND.format("mx.eve.example", "pass", "council.example"), None, "not check"),
        (
            FOUND.format("mx.letters.example", "fail", "council.example")
            + FOUND.format("mx.letters.example", "pass", "council.example"),
            None,
            "forged",
        ),
        ("", "eve@mail.example", "The list has another address."),
        # What a sender chose, in quotes or a comment, is no result.
        (AUTH + f'spf=pass smtp.mailfrom="x; {PASS}"@eve.example', None, "not check"),
        (AUTH + f"spf=pass (x; {PASS} ) smtp.mailfrom=eve.example", None, "not check"),
        (AUTH + f"spf=pass (x \\) ; {PASS} ) reason=y", None, "not check"),
        (AUTH + f'spf=pass reason="x; {PASS} ', None, "not check"),
        (AUTH + f"{PASS}; dmarc=fail header.from=council.example", None, "forged"),
        (AUTH + f"{PASS}\nFrom: <ward1@council.example>", None, "forged"),
    ],
)
def test_what_staff_read_of_its_sender(client, letter, found, sender, shown):
    sender = sender or ward(1).email
    found = found if found.endswith("\n") or not found else f"{found}\n"
    pipe(mailed(letter, found=found, sender=sender))
    client.force_login(make_staff("bo", "Campaigners"))

    pk = OfficialAnswer.objects.get().pk
    page = words_of(client.get(f"/admin/letters/officialanswer/{pk}/change/"))

    assert shown in page
    assert ("is real" in page) == (shown == "is real")
    assert f"It came by email, from {sender}." in page
    assert "agenda.pdf" in page


@pytest.mark.some
@pytest.mark.parametrize(
    "forged", ["1r1-000000000000", "999r9-000000000000", "1-1", ""]
)
def test_a_made_up_address_takes_no_answer(letter, forged):
    to = f"answers+{forged}@letters.example"

    assert pipe(mailed(letter, to=to)) == "reply"
    assert not OfficialAnswer.objects.exists()


def test_only_one_answer_stands_and_all_else_goes_to_the_group(letter):
    away = b"Auto-Submitted: auto-replied\n" + mailed(letter, "I am away.", "away")
    long = mailed(letter, "No. " * 2000, "long")

    assert pipe(away) == "automatic"
    assert pipe(long) == "reply"
    assert pipe(mailed(letter, "\n", "empty")) == "answer"
    OfficialAnswer.objects.all().delete()
    assert pipe(mailed(letter)) == "answer"
    assert pipe(mailed(letter, name="again")) == "answer"
    assert pipe(mailed(letter, "Another one.", "other")) == "reply"
    assert OfficialAnswer.objects.get().text == ANSWER


@pytest.mark.some
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Yes.\n\n-----Original Message-----\nFrom: Ada\nSent: today\n\nPlease",
            "Yes.",
        ),
        ("Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Ada\nAn: x\n\nBitte", "Ja."),
        ("Yes.\n\n" + "_" * 32 + "\nFrom: Ada\nSent: today\nTo: me\n\nPlease", "Yes."),
        ("Yes.\n----- a line -----\nand no.", "Yes.\n----- a line -----\nand no."),
        ("> Will you?\nYes.\n> When?\nSoon.", "> Will you?\nYes.\n> When?\nSoon."),
    ],
)
def test_the_original_goes_where_it_surely_ends_the_answer(letter, text, kept):
    raw = mailed(letter, "TEXT").replace(b"On 3 December, Ada", b"Ada")
    raw = re.sub(rb"TEXT.*?--part", f"{text}\n--part".encode(), raw, flags=re.S)

    assert pipe(raw) == "answer"
    assert OfficialAnswer.objects.get().text == kept


def test_without_a_way_in_no_address_is_shown(client, letter, settings, mailbox, work):
    settings.INCOMING_MAIL_URL = ""
    send(letter, 1)

    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")

    assert "Answer everybody in public" in page.text
    assert "answers+" not in page.text
