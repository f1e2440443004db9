"""One message that came to us, as far as it can be understood; it may be anything."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from functools import cached_property
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from django.conf import settings

from database.sealed import Of, number_sealed_in
from outbox.incoming.authentication import dmarc_found
from outbox.incoming.parsing import MOST_BYTES, MOST_OF_A_HEADER, parse
from outbox.incoming.quoted import without_original
from outbox.keyed_addresses import KeyedAddress
from pages.form_fields import normal_address

# A message of people has a few parts. One of very many is made to keep us busy.
MOST_READ, MOST_NAMES, MOST_TEXT = 100, 20, 50_000
# No mail program writes in these, and the time they take grows with the square.
_NO_CHARSETS = ("punycode", "idna", "unicode-escape", "raw-unicode-escape")
# The header that marks our own answers, so that none is answered here again.
LOOP = "X-Loop"
_ADDRESSED_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
_OUR_MESSAGE_ID = re.compile(r"<(mail|letter|delivery)\.(\w{1,60})[\w.-]{0,20}@")
# Only programs write these headers.
_OF_PROGRAMS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "X-Autoreply-From",
    "X-Mail-Autoreply",
)
_OF_LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List")
# How the subjects of out-of-office answers begin in the languages of the site, where
# no header says so. What a person answers begins with "Re:", or a word for it.
_AWAY = re.compile(
    r"(?:auto(?:matic|mated)?[ -](?:reply|response)|out of (?:the )?office"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina"
    r"|automatische (?:antwort|abwesenheit\w*)|abwesenheits(?:notiz|assistent)"
    r"|r[eé]ponse automatique|absen(?:ce|t|te) du bureau"
    r"|resposta autom[aá]tica|fora do escrit[oó]rio"
    r"|risposta automatica|fuori (?:sede|ufficio)"
    r"|automatisch antwoord|afwezigheids(?:bericht|melding)"
    r"|자동 ?(?:회신|응답)|부재 ?중"
    r"|自動(?:応答|返信)|不在(?:通知|連絡)"
    r"|رد تلقائي|خارج المكتب)(?!\w)",
    re.I,
)


class IncomingMessage:
    """A message in bytes, with the envelope recipient if that is known."""

    def __init__(self, raw: bytes, envelope_to: str = "") -> None:
        self.raw = raw[:MOST_BYTES]
        self._envelope_to = envelope_to
        self.parsed = parse(self.raw)
        self._parts = list(_some_parts(self.parsed))

    @property
    def digest(self) -> bytes:
        """The same for the same message, by whatever way it comes again.

        Headers that servers add on the way do not change it.
        """
        own = [self._header(name) for name in ("Message-ID", "From", "Date", "Subject")]
        _headers, _gap, body = self.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        told = "\n".join([*own, self._envelope_to.lower()]).encode()
        return sha256(told + b"\n" + body).digest()

    @property
    def sender(self) -> str:
        """The one address in From:, as mail uses it; "" if there is none to answer."""
        try:
            [(_name, address)] = getaddresses([self._header("From")])
            return normal_address(address)
        except ValueError:
            return ""

    @property
    def from_words(self) -> str:
        return self._words("From")

    @property
    def subject(self) -> str:
        return self._words("Subject")

    @property
    def language(self) -> str:
        """A language of the site that the sender's program names, or the first one."""
        for name in ("Content-Language", "Accept-Language"):
            named = self._header(name).split(",")[0].split(";")[0].strip().lower()
            for code, _name in settings.LANGUAGES:
                if named and named.split("-")[0] == code.lower().split("-")[0]:
                    return code
        return settings.LANGUAGE_CODE

    @property
    def is_automatic(self) -> bool:
        """Whether a program wrote it (RFC 3834); nobody waits for an answer to that."""
        said = self._header("Auto-Submitted").split(";")[0].strip().lower()
        precedence = self._header("Precedence").strip().lower()
        return (
            said not in ("", "no")
            or precedence in ("bulk", "junk", "auto_reply")
            or any(name in self.parsed for name in _OF_PROGRAMS)
            or self._header("Return-Path").strip() == "<>"
            or self.parsed.get_content_type() == "multipart/report"
            or self._header("From").lower().find("mailer-daemon@") >= 0
            or bool(_AWAY.match(self.subject))
        )

    @property
    def is_of_a_list(self) -> bool:
        """Whether it came through a mailing list, where an answer would reach many."""
        said = any(name in self.parsed for name in _OF_LISTS)
        return said or self._header("Precedence").strip().lower() == "list"

    @property
    def is_ours(self) -> bool:
        """Whether we have sent it ourselves, or it is an answer of ours that came back.

        Anybody can write so; then their message reaches nobody.
        """
        marks = set(self._all(LOOP))
        its_id = self._header("Message-ID")
        return settings.MAIL_DOMAIN in marks or any(_of_ours(its_id))

    @property
    def answers_ours(self) -> bool:
        """Whether it names a message of ours as the one that it answers."""
        named = f"{self._header('In-Reply-To')} {self._header('References')}"
        return any(_of_ours(named))

    def named_by(self, addresses: KeyedAddress) -> list[str]:
        """What the addresses of this kind name to which the message was sent."""
        texts = [self._envelope_to]
        for name in _ADDRESSED_TO:
            texts += self._all(name)
        found = (addresses.names_in(text) for text in texts)
        return list(dict.fromkeys(name for some in found for name in some))

    @property
    def is_proven(self) -> bool | None:
        """Whether our own mail server found that its sender is who From: says.

        None: it says nothing of that, or the settings do not name it.
        """
        values = self._all("Authentication-Results")
        found = dmarc_found(values, settings.INCOMING_MAIL_CHECKED_BY)
        if found is None:
            return None
        result, domain = found
        is_one = len(self._all("From")) == 1
        is_same = domain == self.sender.rpartition("@")[2]
        return result == "pass" and is_one and is_same

    @cached_property
    def text(self) -> str:
        """What it says as plain text; of HTML alone, the words of it."""
        for kind, read in (("text/plain", str), ("text/html", _words_of_html)):
            for part in self._parts:
                if part.get_content_type() == kind and not part.get_filename():
                    return _cleaned(read(_decoded(part)))[:MOST_TEXT]
        return ""

    @property
    def own_text(self) -> str:
        """The text without the message that it answers, where that surely ends it."""
        return without_original(self.text)

    @property
    def attachments(self) -> list[str]:
        """The names of its attachments, as their sender wrote them."""
        names = [_plain_words(part.get_filename() or "") for part in self._parts]
        return [name[:100] for name in names if name][:MOST_NAMES]

    def _header(self, name):
        """The first header of a name as it stands there, on one line; or ""."""
        return next(iter(self._all(name)), "")

    def _all(self, name):
        """The first headers of a name; some programs write them in UTF-8."""
        found = [v for n, v in self.parsed.raw_items() if n.lower() == name.lower()]
        return [
            " ".join(_in_utf8(value[:MOST_OF_A_HEADER]).split())
            for value in found[:MOST_NAMES]
        ]

    def _words(self, name):
        return _plain_words(self._header(name))[:300]


def _some_parts(message: Message) -> Iterator[Message]:
    """Its first parts that hold something; those of a mail inside it are its own."""
    waiting: list[Any] = [message]
    for _number in range(MOST_READ):
        if not waiting:
            return
        part = waiting.pop(0)
        if part.get_content_maintype() == "message":
            continue
        if part.is_multipart():
            waiting += part.get_payload()[:MOST_READ]
        else:
            yield part


def _of_ours(text):
    for kind, number in _OUR_MESSAGE_ID.findall(text):
        if number_sealed_in(number, Of[kind.upper()]):
            yield number


def _in_utf8(header):
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decoded(part):
    """The beginning of a part's text, in whatever it is written."""
    whole = part.get_payload(decode=True) or b""
    payload = whole[: 4 * MOST_TEXT]
    # What was cut may end within a sign.
    errors = "strict" if payload == whole else "replace"
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        with suppress(LookupError, UnicodeError):
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return payload.decode(charset, errors)
    return payload.decode("latin-1")


def _plain_words(header):
    """The words of a header that may be encoded (RFC 2047), on one line."""
    with suppress(LookupError, ValueError, MessageError):
        header = str(make_header(decode_header(header)))
    return " ".join(_cleaned(header).split())


def _cleaned(text):
    """The text as it can be stored and shown: no controls, and no half characters."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return "".join(sign for sign in text if sign in "\n\t" or sign >= " ").strip()


class _Words(HTMLParser):
    """What a reader of HTML would read: a line for each block, and ">" at quotes."""

    _SILENT = ("style", "script", "head", "title")
    _LINES = ("br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = self._quoted = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in self._SILENT
        self._quoted += tag == "blockquote"
        if tag in self._LINES:
            self.words.append("\n> " if self._quoted else "\n")

    def handle_endtag(self, tag):
        self._silent -= tag in self._SILENT and self._silent > 0
        if tag == "blockquote" and self._quoted:
            self._quoted -= 1
            self.words.append("\n> " if self._quoted else "\n")

    def handle_data(self, data):
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))


def _words_of_html(html):
    reader = _Words()
    reader.feed(html[: 4 * MOST_TEXT])
    reader.close()
    return re.sub(r"(?:(?<! ) +)?\n[ \n]*", "\n", "".join(reader.words))
