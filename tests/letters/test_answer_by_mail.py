"""An official's answer to everybody that comes by email."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from database import retention
from letters.models import OfficialAnswer, Recipient
from letters.officials import answers
from letters.officials.admin import AnswerDecisionForm
from letters.officials.by_mail import CameByMail, record_address
from outbox.incoming.quoted import without_original
from outbox.models import IncomingMail
from tests.factories import make_letter, make_staff
from tests.letters.test_official_answer import ANSWER, answers_to, decide, hand_in
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
    assert decide(client, answer, "publish", words=ANSWER).status_code == 302
    work()
    people, mails = answers_to(mailbox)
    assert people == ["p1@mail.example"]
    text = mails[0].get_body(("plain",)).get_content().replace("\r\n", " ")
    assert "They emailed it to our site" in text
    assert "They wrote it on our site" not in text


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


@pytest.mark.parametrize(
    "forged", ["1r1-000000000000", "999r9-000000000000", "1-1", ""]
)
def test_a_made_up_address_takes_no_answer(letter, forged):
    to = f"answers+{forged}@letters.example"

    assert pipe(mailed(letter, to=to)) == "reply"
    assert not OfficialAnswer.objects.exists()


def test_who_has_left_the_office_answers_for_it_no_more(letter):
    raw = mailed(letter)
    Recipient.objects.filter(pk=ward(1).pk).update(left_office_on=timezone.localdate())

    assert pipe(raw) == "reply"
    assert not OfficialAnswer.objects.exists()


def test_what_is_no_answer_goes_to_the_group(letter):
    away = b"Auto-Submitted: auto-replied\n" + mailed(letter, "I am away.", "away")
    long = mailed(letter, "No. " * 2000, "long")

    assert pipe(away) == "automatic"
    assert pipe(long) == "reply"
    assert pipe(mailed(letter, "\n", "empty")) == "answer"
    OfficialAnswer.objects.all().delete()
    assert pipe(mailed(letter)) == "answer"
    assert pipe(mailed(letter, name="again")) == "answer"
    assert OfficialAnswer.objects.get().text == ANSWER


def test_spam_takes_no_place_of_the_officials_own_answer(client, letter, mailbox, work):
    send(letter, 1)
    work()
    spam = {"sender": "eve@mail.example", "found": "X-Spam-Flag: YES\n"}
    for number in range(answers.MOST_WAITING):
        text = f"Buy now {number}"
        assert pipe(mailed(letter, text, f"spam{number}", **spam)) == "answer"
    assert pipe(mailed(letter, "Buy once more", "spam", **spam)) == "reply"

    proven = FOUND.format("mx.letters.example", "pass", "council.example")
    assert pipe(mailed(letter, found=proven)) == "answer"
    page = hand_in(client, letter, ward(1), "From my page.")

    assert "Thank you. We have your answer." in words_of(page)
    assert "From my page." in page.text
    waiting = OfficialAnswer.objects.waiting()
    assert waiting.count() == answers.MOST_WAITING + 2
    client.force_login(make_staff("bo", "Campaigners"))
    real = waiting.get(text=ANSWER)
    assert decide(client, real, "publish", words=ANSWER).status_code == 302
    other = decide(client, waiting.get(text="From my page."), "publish")
    assert other.status_code == 422
    assert "Another answer of this official is already published." in other.text
    turned = decide(client, waiting.get(text="Buy now 1"), "turn_down", reason="Spam.")
    assert turned.status_code == 302
    work()
    people, _mails = answers_to(mailbox)
    assert people == ["p1@mail.example"]
    assert pipe(mailed(letter, "Too late.", "late", found=proven)) == "reply"
    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")
    assert "put it on the agenda" in page.text
    assert "<textarea" not in page.text


def test_a_mail_that_waits_keeps_nobody_from_the_form_of_the_page(client, letter):
    send(letter, 1)
    pipe(mailed(letter, "Buy now.", sender="eve@mail.example"))

    page = client.get(f"{enter(client, ward(1))}letters/{letter.pk}/")

    assert "<textarea" in page.text
    assert "Thank you" in hand_in(client, letter, ward(1), "Yes.").text


UNKNOWN = "Yes.\nWe act.\n\nOn such a day you said this:\nDear Ward 1\np1@mail.example"


def test_staff_leave_out_the_end_and_nothing_else(client, mailbox, work, letter):
    send(letter, 1)
    raw = re.sub(
        rb"On 3 December.*?--part", b"--part", mailed(letter, UNKNOWN), flags=re.S
    )
    assert pipe(raw) == "answer"
    work()
    answer = OfficialAnswer.objects.get()
    client.force_login(make_staff("bo", "Campaigners"))
    desk = client.get(f"/admin/letters/officialanswer/{answer.pk}/change/")
    assert f">\n{UNKNOWN}</textarea>" in desk.text

    whole = decide(client, answer, "publish", words=UNKNOWN)
    assert whole.status_code == 422
    assert "It has the email address of somebody who wrote." in whole.text
    for other in (
        "",
        "No.",
        "Yes.\nWe do",
        "We act.",
        "Yes.\r\n\r\nWe act.",
        f"{UNKNOWN}!",
    ):
        refused = decide(client, answer, "publish", words=other)
        assert refused.status_code == 422
        assert "Take only whole lines away from the end." in refused.text
    assert OfficialAnswer.objects.waiting().get().text == UNKNOWN
    done = decide(client, answer, "publish", words="Yes.\r\nWe act.\r\n")
    assert done.status_code == 302
    mailbox.clear()
    work()

    answer.refresh_from_db()
    assert (answer.text, answer.original) == ("Yes.\nWe act.", UNKNOWN)
    [mail] = answers_to(mailbox)[1]
    assert "you said this" not in mail.get_body(("plain",)).get_content()
    public = client.get(answer.get_absolute_url()).text
    assert "We act." in public
    assert "We left out what stood below them" in public
    assert "p1@mail.example" not in public
    assert "p1@mail.example" in client.get(desk.request["PATH_INFO"]).text


def test_a_line_may_end_with_a_blank_and_counts_once(client, letter):
    text = " \n".join(["Yes"] * 900)
    answer = OfficialAnswer.objects.write(
        letter, ward(1), text, by_mail=CameByMail("ward1@council.example")
    )
    assert len(text) < OfficialAnswer.MOST_TEXT < len(text.replace("\n", "\r\n"))
    client.force_login(make_staff("bo", "Campaigners"))

    words = text.rpartition("\n")[0].replace("\n", "\r\n")
    assert decide(client, answer, "publish", words=words).status_code == 302

    answer.refresh_from_db()
    assert answer.text == text.rpartition("\n")[0].rstrip()


def test_each_button_asks_only_for_what_it_needs(client, letter):
    pipe(mailed(letter))
    answer = OfficialAnswer.objects.get()
    client.force_login(make_staff("bo", "Campaigners"))

    long = {"words": "x" * 6000, "kind": "?", "reason": "y" * 1001}
    for button, mended in (
        ("publish", {"words": ANSWER, "kind": "answered"}),
        ("turn_down", {"reason": "Spam."}),
    ):
        refused = decide(client, answer, button, **long)
        assert refused.status_code == 422
        assert "y" * 1001 in refused.text
        assert "x" * 6000 in refused.text
        assert decide(client, answer, button, **long | mended).status_code == 302
        OfficialAnswer.objects.update(published_at=None)


def test_two_answers_published_at_once_are_one(client, letter, monkeypatch):
    pipe(mailed(letter))
    pipe(mailed(letter, "No.", "other"))
    first, second = OfficialAnswer.objects.order_by("pk")
    client.force_login(make_staff("bo", "Campaigners"))
    clean = AnswerDecisionForm.clean

    def while_another_is_published(form):
        first.publish(by=None, kind="answered")
        return clean(form)

    monkeypatch.setattr(AnswerDecisionForm, "clean", while_another_is_published)
    refused = decide(client, second, "publish", words="No.\r\n", kind="opposes")

    assert refused.status_code == 422
    assert "Another answer of this official is already published." in refused.text
    assert ">\nNo." in refused.text
    assert 'value="opposes" selected' in refused.text
    assert OfficialAnswer.objects.waiting().get() == second


def test_the_address_of_a_writer_is_published_in_no_spelling(client, letter):
    send(letter, 1)
    hand_in(client, letter, ward(1), "Write to me, <P1@mail.example>.")
    client.force_login(make_staff("bo", "Campaigners"))

    refused = decide(client, OfficialAnswer.objects.get(), "publish")

    assert refused.status_code == 422
    assert "It has the email address of somebody who wrote." in refused.text
    assert '<textarea name="words"' not in refused.text
    OfficialAnswer.objects.update(text="Write to office@council.example.")
    assert decide(client, OfficialAnswer.objects.get(), "publish").status_code == 302


def test_the_whole_email_is_kept_for_staff_and_then_emptied(letter, settings):
    pipe(mailed(letter))
    answer = OfficialAnswer.objects.get()
    assert answer.original.startswith(f"{ANSWER}\n\nOn 3 December")
    answer.publish(by=None, kind="answered")
    long_ago = timezone.now() - timedelta(days=settings.KEEP_LETTER_TEXT_DAYS + 1)
    OfficialAnswer.objects.update(published_at=long_ago)

    retention.rule("emails of answers").forget()

    answer.refresh_from_db()
    assert (answer.text, answer.original) == (ANSWER, answers.CUT)


HEADS = [
    "From: {who}\nSent: Tuesday, 1 December 2026\nTo: W\nSubject: Please",
    "*From:* {who}\n*Date:* Tue\n*To:* W\n*Subject:* Please",
    "De: {who}\nEnviado el: martes\nPara: W\nAsunto: x",
    "Von: {who}\nGesendet: Dienstag\nAn: W\nBetreff: x",
    "De : {who}\nEnvoyé : mardi\nÀ : W\nObjet : x",
    "De: {who}\nEnviada em: terça-feira\nPara: W\nAssunto: x",
    "Da: {who}\nInviato: martedì\nA: W\nOggetto: x",
    "Van: {who}\nVerzonden: dinsdag\nAan: W\nOnderwerp: x",
    "보낸 사람: {who}\n보낸 날짜: 2026년 12월 1일\n받는 사람: W\n제목: x",
    "差出人: {who}\n送信日時: 2026年12月1日\n宛先: W\n件名: x",
    "من: {who}\nتاريخ الإرسال: x\nإلى: W\nالموضوع: x",
    "-----Original Message-----\nFrom: {who}\nTo: W",
    "-----원본 메시지-----\n보낸 사람: {who}\n받는 사람: W",
    "On Dec 1, 2026, at 10:00, {who} wrote:",
    "On Tue, 1 Dec 2026 at 10:00, Ada Lovelace\n<p1@mail.example> wrote:",
    "Am 01.12.2026 um 10:00 schrieb {who}:",
    "Le 1 déc. 2026 à 10:00, {who} a écrit :",
    "El 1 dic 2026, a las 10:00, {who} escribió:",
    "2026년 12월 1일 (화) 오전 10:00, {who}님이 작성:",
    "2026년 12월 1일 (화) 오전 10:00, Ada Lovelace\n<p1@mail.example>님이 작성:",
    "2026年12月1日(火) 10:00 {who}のメール:",
]


@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize("head", HEADS)
def test_no_letter_stays_below_an_answer_however_it_is_quoted(head, mark):
    head = head.format(who="Ada Lovelace <p1@mail.example>")
    text = f"Yes.\nWe act.\n\n{head}\n\n{mark}Dear Ward 1:\n{mark}\n{mark}Please help."

    assert without_original(text) == "Yes.\nWe act."


@pytest.mark.parametrize(
    "text",
    [
        "As I wrote:\nwe act.",
        "In 2024 the council said:\nno.",
        "From: now on\nwe act.",
        "From: here\nTo: there",
        "On Dec 1, 2026, Ada wrote:\n> Will you?\nYes.\n> When?\nSoon.",
    ],
)
def test_own_words_stay_that_look_a_little_like_a_quoted_letter(text):
    assert without_original(text) == text


def test_an_html_mail_alone_loses_what_it_quotes(letter):
    html = (
        "<p>Yes.</p><div>On Tue, 1 Dec 2026 Ada &lt;p1@mail.example&gt; wrote:</div>"
        "<blockquote><p>Dear Ward 1</p><blockquote>Older</blockquote></blockquote>"
    )
    to, sender = record_address(letter, ward(1)), ward(1).email
    head = f"From: {sender}\nTo: {to}\nMIME-Version: 1.0\nContent-Type: text/html\n\n"

    assert pipe((head + html).encode()) == "answer"
    assert OfficialAnswer.objects.get().text == "Yes."


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
