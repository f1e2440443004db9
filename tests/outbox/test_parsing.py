"""Messages that are made to keep us busy: what is read of them, and how often."""

from email.feedparser import FeedParser
from email.message import Message

import pytest

from outbox.bounce_reports import BounceReport
from outbox.incoming import parsing
from outbox.incoming.parsing import NoMessage, parse
from outbox.incoming.reading import IncomingMessage
from outbox.models import IncomingMail
from tests.letters.reports import COMPLAINT
from tests.outbox.test_incoming import pipe, reply

HEAD = b"From: Ada <ada@mail.example>\nTo: hello@letters.example\nSubject: Hi\n"
SIZE = parsing.MOST_BYTES


def mixed(body, more=b"", kind=b"multipart/mixed"):
    return HEAD + b"Content-Type: " + kind + b"; boundary=a" + more + b"\n\n" + body


def full(text):
    return text * (SIZE // len(text))


def nested(depth):
    parts = (
        b"--a%d\nContent-Type: multipart/mixed; boundary=a%d\n\n" % (n, n + 1)
        for n in range(depth)
    )
    return HEAD + b"Content-Type: multipart/mixed; boundary=a0\n\n" + b"".join(parts)


@pytest.fixture
def made(monkeypatch):
    """How many parsers and parts were made."""
    number = {FeedParser: 0, Message: 0}

    def counted(kind):
        begin = kind.__init__

        def __init__(self, *arguments, **options):  # noqa: N807
            number[kind] += 1
            begin(self, *arguments, **options)

        monkeypatch.setattr(kind, "__init__", __init__)

    counted(FeedParser)
    counted(Message)
    return number


# Each is made when it is tried: together they would be 40 MB.
BUSY = {
    "empty parts": lambda: mixed(full(b"--a\n\n")),
    "a few more parts than anybody writes": lambda: mixed(b"--a\n\n" * 1001),
    "reports in a report": lambda: mixed(
        b"--a\nContent-Type: message/delivery-status\n\n" + full(b"A: b\n\n")
    ),
    "headers of a part": lambda: mixed(b"--a\n" + b"A: b\n" * 4000),
    "lines": lambda: HEAD + b"\n" + full(b"\n"),
    "returns": lambda: HEAD + b"\n" + full(b"\r"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BUSY)
def test_of_too_many_parts_or_lines_only_the_headers_are_read_and_once(name, made):
    raw = BUSY[name]()

    assert pipe(raw) == "reply"

    assert bytes(IncomingMail.objects.get().raw) == raw[:SIZE]
    message = IncomingMessage(raw)
    assert (message.sender, message.subject) == ("ada@mail.example", "Hi")
    assert (message.text, message.attachments) == ("", [])
    # Headers alone are read by a parser of their own: two for each message here.
    assert made[FeedParser] <= 4
    assert made[Message] <= 2 * (parsing.MOST_PARTS + 3)


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + full(b"A: b\n"),
        HEAD + b"Subject: a\n" + full(b" b\n") + b"\nHi.",
        HEAD + b"Subject: " + full(b"=?utf-8?q?a?="),
        HEAD + b'Content-Type: text/plain; a="' + full(b';"') + b"\n\nHi.",
        HEAD + b"Content-Type: text/plain" + full(b"; a*1=b") + b"\n\nHi.",
        full(b"a"),
        nested(60),
        nested(50_000),
        HEAD + b"Content-Type: message/rfc822\n\n" * 2000,
    ],
)
def test_headers_without_an_end_and_parts_within_parts_are_refused(raw, made):
    with pytest.raises(NoMessage):
        parse(raw)

    assert made[FeedParser] <= 1


@pytest.mark.django_db
def test_what_people_send_is_read_whole_and_once(made):
    for parts, name in ((3, "one"), (300, "two")):
        pictures = b"--a\nContent-Type: image/png\n\n" + (b"YWFh" * 19 + b"\n") * 400
        text = b"--a\nContent-Type: text/plain\n\nIs there a meeting?\n"
        own = reply(None, name, more="Content-Type: multipart/mixed; boundary=a")
        raw = own.replace(b"Hi.", text + pictures * parts + b"--a--\n")
        received = [f"Received: by mx{n}.example; today\n".encode() for n in range(90)]
        made[FeedParser] = 0

        assert pipe(b"".join(received) + raw) == "reply"

        assert made[FeedParser] == 1
        assert "Is there a meeting?" in IncomingMessage(raw).text


def test_a_header_is_cut_before_it_is_taken_apart():
    raw = mixed(b"--a\nContent-Disposition: attachment" + b';"' * 90_000 + b"\n\nHi.")

    [part] = parse(raw).get_payload()

    assert len(part["Content-Disposition"]) == parsing.MOST_OF_A_HEADER


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "zlib_codec", "base64", "no-such"]
)
def test_only_charsets_of_mails_are_read(charset):
    kind = f"Content-Type: text/plain; charset={charset}\n\n".encode()
    raw = HEAD + kind + b"xn--a-"

    assert IncomingMessage(raw).text == "xn--a-"


def test_a_long_text_may_be_cut_within_a_sign():
    raw = (
        HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + "가a".encode() * 60_000
    )

    text = IncomingMessage(raw).text

    assert len(text) == 50_000
    assert set(text) == {"가", "a"}


def test_words_that_cannot_be_decoded_are_shown_as_they_stand():
    words = "=?utf-8?b?=?utf-8?b?a?="
    raw = f"From: {words} <ada@mail.example>\nSubject: {words}\n\nHi.".encode()

    assert IncomingMessage(raw).subject == words


def test_a_complaint_in_complaints_is_looked_at_once():
    whole = COMPLAINT.format(address="bounces+m1-0@letters.example").encode()
    inner = b"Content-Type: message/feedback-report\n\n" * 300 + b"abuse " * 90_000
    raw = whole.replace(b"Feedback-Type: abuse\n", b"Feedback-Type: other\n") + inner

    assert not BounceReport(parse(raw)).is_complaint
    assert BounceReport(parse(whole)).is_complaint
