"""Parses a message that may hold anything, at a cost that its sender cannot raise.

Python's parser makes an object of each part, and compares each line with the boundary
of each multipart around it. So lines are counted before it begins, and parts and
headers as it makes them.
"""

import re
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from typing import Any

# What is longer is cut: more than any report that quotes a whole letter.
MOST_BYTES = 10 * 1024 * 1024
# So many bytes of pictures and files have less than half as many lines.
MOST_LINES = 300_000
# Headers of people's mails have some 10 KB, those of a mailing with many stamps 60.
MOST_OF_HEADERS, MOST_HEADERS = 256 * 1024, 3000
MOST_OF_A_HEADER = 2000
# A digest of a hundred mails stays below, and a mail in a mail in a mail.
MOST_PARTS, MOST_MULTIPARTS = 1000, 50
_NO_PARTS = "its parts cannot be taken apart"
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")


class NoMessage(Exception):
    """The message cannot be understood at all, and says nothing to anybody."""


class _TooMuch(Exception):
    """The message has more parts, or they more headers, than anybody writes."""


def parse(raw: bytes) -> Message:
    """The message in these bytes; one with too many parts is its headers alone.

    Raises NoMessage, also for multiparts within multiparts without an end.
    """
    raw = raw[:MOST_BYTES]
    end = _END_OF_HEADERS.search(raw, 0, MOST_OF_HEADERS)
    head = raw[: end.end()] if end else raw
    if len(head) > MOST_OF_HEADERS or _lines(head) > MOST_HEADERS:
        raise NoMessage("it has too many headers")
    try:
        if _lines(raw) > MOST_LINES:
            raise _TooMuch
        message = BytesParser(_parts()).parsebytes(raw)
    except _TooMuch:
        message = BytesHeaderParser(_parts()).parsebytes(head)
    except (RecursionError, ValueError, LookupError, AttributeError):
        raise NoMessage(_NO_PARTS) from None
    if not message.keys():
        raise NoMessage("it has no header")
    return message


def _lines(raw):
    return max(raw.count(b"\n"), raw.count(b"\r"))


def _parts():
    """A class for the parts of one message, which counts them."""
    made = {"parts": 0, "headers": 0, "multiparts": 0}

    def count(what, most, fault=_TooMuch):
        made[what] += 1
        if made[what] > most:
            raise fault

    class Part(Message):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            count("parts", MOST_PARTS)
            super().__init__(*arguments, **options)

        def set_raw(self, name, value):
            count("headers", MOST_HEADERS)
            value = value[:MOST_OF_A_HEADER]
            if name.lower() == "content-type" and "multipart" in value.lower():
                count("multiparts", MOST_MULTIPARTS, NoMessage(_NO_PARTS))
            super().set_raw(name, value)

    return Part
