"""Messages as they come to a site: of servers, people, officials, programs and crooks.

Each is made of its number alone, so that a run can be made again, and says what it must
be taken for. A run of twenty holds every kind.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.letters.reports import COMPLAINT, EXCHANGE, GMAIL, POSTFIX, report

# What a message is that no program can take apart.
UNREADABLE = "unreadable"
WRITTEN = """\
Received: from mx{hop}.mail.example by mail.letters.example; Tue, 24 Nov 2026 10:12:08 +0000
From: {sender}
To: {to}
Subject: {subject}
Date: Tue, 24 Nov 2026 10:12:08 +0000
Message-ID: <{number}@mail.example>
In-Reply-To: {ours}
{more}
{text}
"""  # noqa: E501  a header is one line
ANSWER = """\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset="utf-8"

We have read your letters, and the committee meets in January. This is answer {number}.

On 3 December, Ada Lovelace via Letters wrote:
> Dear Mayor and Council:
--part
Content-Type: application/pdf
Content-Disposition: attachment; filename="agenda.pdf"

%PDF
--part--
"""
PROGRAMS = (
    "Auto-Submitted: auto-replied (vacation)\n",
    "Precedence: bulk\n",
    "X-Auto-Response-Suppress: All\n",
    "Return-Path: <>\n",
)
AWAY = ("Out of office: Some news", "Automatische Antwort: news", "부재중: news")
# A person's message is that, however broken it is.
BROKEN = (
    'Content-Type: text/plain; charset="no-such"\n',
    "Content-Type: image/png\nContent-Transfer-Encoding: base64\n",
    "Content-Type: multipart/mixed; boundary=a\n",
    f"X-Long: {'a' * 200_000}\n",
    f"Cc: {', '.join(f'p{n}@many.example' for n in range(5_000))}\n",
    "Subject: =?utf-8?q?a=0D=0ABcc:_eve@mail.example?=\n",
    "Authentication-Results: mx.letters.example; dmarc=pass header.from=x.example\n",
)
STYLES = (POSTFIX, EXCHANGE, GMAIL, COMPLAINT)


@dataclass(frozen=True)
class Incoming:
    """A message, what it is, and whether its sender must read where it went."""

    raw: bytes
    kind: str
    explained_to: str = ""


@dataclass(frozen=True)
class Senders:
    """Makes messages to a site.

    `sent(n)` is a mail of the site to the n-th person, and `address(n)` where the n-th
    official may send an answer.
    """

    sent: Callable
    address: Callable

    def message(self, number: int, hop: int = 1) -> Incoming:
        """The message of this number; by another hop it has another first header."""
        makers = (
            *[self._report] * 5,
            *[self._reply] * 6,
            *[self._stranger, self._of_list, self._answer],
            *[self._program] * 2,
            *[self._away, self._ours],
            *[self._hostile] * 2,
        )
        return makers[number % len(makers)](number, hop)

    def _report(self, number, _hop):
        style = STYLES[number // 5 % len(STYLES)]
        return Incoming(report(self.sent(number).bounce_address, style), "report")

    def _reply(self, number, hop):
        """Of two messages in a row of one person, who may read once where they went."""
        person = number - number % 2
        ours = self.sent(person).message_id
        sender = f"p{person}@mail.example"
        return self._of_person(
            number, hop, sender=f"Ada <{sender}>", ours=ours, explained_to=sender
        )

    def _stranger(self, number, hop):
        return self._of_person(number, hop, ours="<other@mail.example>")

    def _of_list(self, number, hop):
        return self._of_person(number, hop, more="List-Id: <town.lists.example>\n")

    def _answer(self, number, hop):
        return self._of_person(
            number,
            hop,
            "answer",
            sender=f"Ward <ward{number}@council.example>",
            to=self.address(number // 20),
            more=ANSWER.format(number=number),
            text="",
        )

    def _program(self, number, hop):
        more = PROGRAMS[number // 20 % len(PROGRAMS)]
        return self._of_person(number, hop, "automatic", more=more)

    def _away(self, number, hop):
        subject = AWAY[number // 20 % len(AWAY)]
        return self._of_person(number, hop, "automatic", subject=subject)

    def _ours(self, number, hop):
        return self._of_person(number, hop, "ours", more="X-Loop: letters.example\n")

    def _hostile(self, number, hop):
        """What somebody makes who wants us to fall over, or to write to others."""
        makers = (
            *[self._broken] * len(BROKEN),
            *[self._forged, self._guessed, self._of_several],
            *[self._nested, self._garbage],
        )
        return makers[number // 20 % len(makers)](number, hop)

    def _broken(self, number, hop):
        more = BROKEN[number // 20 % (len(BROKEN) + 5)]
        text = "--a\n" * 20_000 if "boundary" in more else "a\0b\x1b" * 50
        return self._of_person(number, hop, more=more, text=text)

    def _forged(self, number, hop):
        """In the name of somebody, as an answer to a mail that we have not sent."""
        ours = "<mail.1.000000000000@letters.example>"
        return self._of_person(number, hop, sender=_victim(number), ours=ours)

    def _guessed(self, number, _hop):
        """A report on a mail of ours, with a key that was guessed."""
        address = f"bounces+m{number}-000000000000@letters.example"
        return Incoming(report(address, POSTFIX), "automatic")

    def _of_several(self, number, hop):
        sender = f"{_victim(number)}, eve@mail.example, <>, \ufffd"
        return self._of_person(number, hop, sender=sender)

    def _nested(self, number, hop):
        head = "Content-Type: multipart/mixed; boundary=b\n"
        text = f"--b\n{head}\n" * 90
        return self._of_person(number, hop, more=head, text=text)

    def _garbage(self, number, _hop):
        return Incoming(b"\0\xff" * 500 + str(number).encode(), UNREADABLE)

    def _of_person(self, number, hop, kind="reply", explained_to="", **said):
        filled = {
            "sender": f"Eve <eve{number}@other.example>",
            "to": "hello@letters.example",
            "subject": "Re: Some news",
            "ours": self.sent(number).message_id,
            "more": "",
            "text": f"Is there a meeting? Hello from {number}. " * 20,
        }
        raw = WRITTEN.format(number=number, hop=hop, **{**filled, **said})
        return Incoming(raw.encode("utf-8", "replace"), kind, explained_to)


def _victim(number):
    """A person whom we have mailed, and who has answered nothing."""
    return f"p{number - number % 20 + 15}@mail.example"
