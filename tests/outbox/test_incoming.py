"""Mail that comes to us: what each message is, and what becomes of it, once."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox.incoming import receiving
from outbox.models import IncomingMail, OutgoingMail
from tests.letters.reports import report

pytestmark = pytest.mark.django_db
REPLY = """\
From: {sender}
To: hello@letters.example
Subject: Re: Some news
Date: Tue, 24 Nov 2026 10:12:08 +0000
Message-ID: <{name}@mail.example>
In-Reply-To: {ours}
{more}
{text}
"""


@pytest.fixture
def sent(queue, mailbox, work):
    """News that has reached Ada; the mailbox is empty again."""
    mail = queue()
    work()
    mailbox.clear()
    return mail


@pytest.fixture
def group(mailbox, work, settings):
    """What leaves, with the group's contact address first."""
    settings.CONTACT_EMAIL = "group@site.example"

    def leave():
        work()
        return sorted(mailbox.messages, key=lambda m: m["To"] != "group@site.example")

    return leave


def reply(sent=None, name="one", sender="Ada <ada@mail.example>", more="", text="Hi."):
    ours = sent.message_id if sent else "<other@mail.example>"
    told = {"sender": sender, "name": name, "ours": ours, "text": text}
    return REPLY.format(**told, more=f"{more}\n" if more else "").encode()


def pipe(raw, *arguments):
    """What manage.py receive_mail says of a message."""
    said = io.StringIO()
    call_command("receive_mail", *arguments, stdin=io.BytesIO(raw), stdout=said)
    return said.getvalue().strip()


def mails_to(mailbox, address):
    return [m for m in mailbox.messages if m.envelope_to == [address]]


def test_a_reply_reaches_the_group_and_its_sender_reads_where_it_went(
    sent, mailbox, work, settings
):
    settings.CONTACT_EMAIL = "group@site.example"

    assert pipe(reply(sent, text="Is there a meeting?")) == "reply"
    work()

    [forwarded] = mails_to(mailbox, "group@site.example")
    assert forwarded["Subject"] == "Reply: Re: Some news"
    assert forwarded["Reply-To"] == "ada@mail.example"
    assert "hello@letters.example" in forwarded["From"]
    assert "Is there a meeting?" in forwarded.get_body(("plain",)).get_content()
    [attached] = forwarded.iter_attachments()
    assert attached.get_content() == reply(sent, text="Is there a meeting?")
    [told] = mails_to(mailbox, "ada@mail.example")
    assert told["Subject"].startswith("Your email to ")
    assert told["Auto-Submitted"] == "auto-replied"
    text = told.get_body(("plain",)).get_content()
    assert "We have forwarded your email" in text
    assert "http://testserver/mine/" in text
    assert IncomingMail.objects.get().raw is None


def test_the_same_message_by_another_way_does_nothing_again(sent, mailbox, work):
    raw = reply(sent)
    pipe(raw)
    pipe(b"Received: from mx2.letters.example\r\n" + raw.replace(b"\n", b"\r\n"))
    work()

    assert IncomingMail.objects.count() == 1
    assert len(mailbox.messages) == 2


def test_a_sender_is_told_once_in_some_days(sent, mailbox, work, time_machine):
    for name in ("one", "two"):
        assert pipe(reply(sent, name, text=name)) == "reply"
        work()
    assert len(mails_to(mailbox, "ada@mail.example")) == 1

    time_machine.move_to(timezone.now() + receiving.EXPLAINED_AGAIN)
    pipe(reply(sent, "three"))
    work()

    assert len(mails_to(mailbox, "ada@mail.example")) == 2


@pytest.mark.parametrize(
    ("sender", "is_ours", "more"),
    [
        ("eve@mail.example", True, ""),  # we have never written to her
        ("ada@mail.example", False, ""),  # anybody can write in her name
        ("hello@letters.example", True, ""),
        ("ada@mail.example", True, "List-Id: <town.lists.example>"),
        ("ada@mail.example, eve@mail.example", True, ""),
        ("nobody at all", True, ""),
    ],
)
def test_nobody_is_told_who_may_not_have_written(sent, group, sender, is_ours, more):
    assert pipe(reply(sent if is_ours else None, sender=sender, more=more)) == "reply"

    assert [m["To"] for m in group()] == ["group@site.example"]


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied (vacation)",
        "Precedence: auto_reply",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
        "Content-Type: multipart/report; boundary=a",
    ],
)
def test_what_a_program_wrote_is_dropped_and_counted(sent, mailbox, work, more):
    assert pipe(reply(sent, more=more)) == "automatic"
    work()

    assert mailbox.messages == []
    assert IncomingMail.objects.get().kind == "automatic"


@pytest.mark.parametrize(
    ("subject", "is_dropped"),
    [
        ("Out of office: Some news", True),
        ("Automatische Antwort: Some news", True),
        ("=?utf-8?q?R=C3=A9ponse_automatique_:?= news", True),
        ("Respuesta automática", True),
        ("Resposta automática: news", True),
        ("Risposta automatica: news", True),
        ("Automatisch antwoord: news", True),
        ("부재중 답장", True),
        ("自動応答: news", True),
        ("رد تلقائي: news", True),
        ("Re: Out of office: Some news", False),
        ("Absent friends", False),
    ],
)
def test_an_answer_of_somebody_away_is_known_by_its_subject(sent, subject, is_dropped):
    raw = reply(sent).replace(b"Re: Some news", subject.encode())

    assert (pipe(raw) == "automatic") == is_dropped


def test_a_mail_of_ours_that_comes_back_is_answered_by_nobody(sent, mailbox, work):
    pipe(reply(sent))
    work()
    sizes = []
    for _round in range(3):
        came, sizes = list(mailbox.messages), [*sizes, len(mailbox.messages)]
        mailbox.clear()
        for message in came:
            assert pipe(bytes(message)) in ("ours", "automatic")
        work()

    assert sizes == [2, 0, 0]


def test_a_flood_waits_where_it_is(sent, monkeypatch, work):
    monkeypatch.setattr(receiving, "MOST_FORWARDED_AN_HOUR", 2)
    for name in ("one", "two"):
        pipe(reply(sent, name))

    with pytest.raises(CommandError) as refused:
        pipe(reply(sent, "three"))

    assert refused.value.returncode == 75
    assert IncomingMail.objects.count() == 2
    assert pipe(report(sent.bounce_address)) == "report"


@pytest.mark.parametrize(
    ("more", "text", "shown"),
    [
        ('Content-Type: text/plain; charset="no-such"', "Grüße", "Grüße"),
        ("Content-Type: text/plain; charset=utf-8", "a\0b\x1bc", "abc"),
        ("Content-Type: text/html", "<style>p{}</style><p>Hi&amp;<br>you", "Hi&\nyou"),
        ("Content-Type: image/png", "not a picture", ""),
        ("Content-Type: multipart/mixed; boundary=a", "--a\n" * 10_000, ""),
        ("Subject: =?utf-8?q?a=0D=0ABcc:_eve@mail.example?=", "Hi.", "Hi."),
    ],
)
def test_whatever_it_holds_it_is_forwarded_whole(sent, group, more, text, shown):
    raw = reply(sent, text=text, more=more).replace(b"Subject: Re: Some news\n", b"")

    assert pipe(raw) == "reply"

    forwarded = group()[0]
    assert "Bcc" not in forwarded
    read = forwarded.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert shown in read
    [attached] = forwarded.iter_attachments()
    assert attached.get_content() == raw


def test_a_huge_message_is_cut(sent, work, mailbox):
    raw = reply(sent, text="Hi.\n\n" + "a" * 12_000_000)

    assert pipe(raw) == "reply"

    assert len(IncomingMail.objects.get().raw) == 10 * 1024 * 1024


def test_what_came_from_somebody_goes_with_them(sent):
    pipe(reply(sent))

    IncomingMail.objects.of_address("ADA@mail.example").erase()

    assert not IncomingMail.objects.exists()
    assert OutgoingMail.objects.open().count() == 2


def test_without_a_secret_the_webhooks_are_not_there(client):
    address = "/anymail/postmark/tracking/"

    assert client.post(address, {}, "application/json").status_code == 404
