"""Reads new mail from an IMAP mailbox that is the site's own.

A message is marked as read only when what followed from it is stored. So one that a
fault has stopped is read again, and `receive()` knows those that it has had. Nothing is
deleted there.

What has to wait is flagged there. It is fetched again when a reply may be forwarded,
and after all that is new: no report and no answer waits behind it.
"""

import imaplib
import logging
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import Self
from urllib.parse import unquote, urlsplit

from django.db import Error

from outbox.incoming.parsing import MOST_BYTES, NoMessage
from outbox.incoming.receiving import TooManyReplies, forwards_more, receive

logger = logging.getLogger(__name__)
SECONDS_TO_ANSWER, SECONDS_AT_A_TIME = 30, 40
# A server names the numbers of what it finds on one line, which must not be endless.
SEARCHED_AT_A_TIME = 5000
# Most of what comes is small, such as reports. What is large must not hold it up.
_NEW = ("UNSEEN UNFLAGGED SMALLER 262144", "UNSEEN UNFLAGGED")
_WAITING = "UNSEEN FLAGGED"
# Like those of EMAIL_URL. Without encryption, only on this machine.
_PORTS = {"imap+tls": 143, "imap+ssl": 993, "imap": 143}
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class CannotFetch(Exception):
    """The mailbox cannot be read now; holds the words of its server."""


@dataclass(frozen=True)
class ImapMailbox:
    """Where a mailbox is, and how one signs in to it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def at(cls, url: str) -> Self:
        """That of an address like imap+tls://user:password@host/INBOX.

        Raises ValueError with a sentence for who runs the site.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not (parts.hostname and parts.username):
            raise ValueError("it is not like imap+tls://user:password@host/INBOX")
        if parts.scheme == "imap" and parts.hostname not in _THIS_MACHINE:
            raise ValueError("another machine needs imap+tls or imap+ssl")
        return cls(
            parts.scheme,
            parts.hostname,
            parts.port or _PORTS[parts.scheme],
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
        )

    def fetch(self) -> Counter[str]:
        """Receive what is new there, for some seconds; returns how many of each kind.

        Raises CannotFetch.
        """
        done: Counter[str] = Counter()
        ends = time.monotonic() + SECONDS_AT_A_TIME
        with self._opened() as (box, exists):
            for uid in _to_take(box, exists):
                if time.monotonic() > ends:
                    break
                if kind := _take(box, uid):
                    done[kind] += 1
        return done

    def sign_in(self) -> int:
        """Open the folder and read nothing; returns how many messages it holds.

        Raises CannotFetch.
        """
        with self._opened() as (_box, exists):
            return exists

    @contextmanager
    def _opened(self):
        box = None
        try:
            box = self._connected()
            if self.scheme == "imap+tls":
                box.starttls(ssl.create_default_context())
            box.login(self.user, self.password)
            [exists] = _ok(box.select(f'"{self.folder}"'))
            yield box, int(exists or 0)
            box.logout()
        except (imaplib.IMAP4.error, OSError) as fault:
            raise CannotFetch(f"{type(fault).__name__}: {fault}") from None
        finally:
            if box is not None:
                with suppress(OSError):
                    box.shutdown()

    def _connected(self):
        about = {"host": self.host, "port": self.port, "timeout": SECONDS_TO_ANSWER}
        if self.scheme == "imap+ssl":
            return imaplib.IMAP4_SSL(**about, ssl_context=ssl.create_default_context())
        return imaplib.IMAP4(**about)


def _to_take(box: imaplib.IMAP4, exists: int) -> Iterator[str]:
    """The numbers of what is new, and then of what has waited while it may go on."""
    for which in _NEW:
        yield from _found(box, exists, which)
    waiting = _found(box, exists, _WAITING) if forwards_more() else ()
    yield from takewhile(lambda _uid: forwards_more(), waiting)


def _found(box, exists, which):
    """The numbers of messages that a search finds, the oldest first."""
    for start in range(1, exists + 1, SEARCHED_AT_A_TIME):
        some = f"{start}:{min(start + SEARCHED_AT_A_TIME - 1, exists)}"
        [found] = _ok(box.uid("SEARCH", some, which))
        yield from (found or b"").decode().split()


def _take(box, uid):
    """Receive one message, and mark it; returns its kind, or None if it waits."""
    answer = _ok(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
    raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
    if raw is None:  # somebody has deleted it meanwhile
        return None
    kind, mark = None, r"(\Flagged)"
    try:
        kind, mark = receive(raw).kind, r"(\Seen)"
    except TooManyReplies:
        pass
    except NoMessage:
        kind, mark = "unreadable", r"(\Seen)"
    except Error:
        raise
    except Exception:  # ours: the others must not wait for it
        logger.exception("A message that came to us could not be received")
    _ok(box.uid("STORE", uid, "+FLAGS.SILENT", mark))
    return kind


def _ok(answer):
    """What a server has answered, if it could do what it was told."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(
            b" ".join(filter(None, data)).decode("utf-8", "replace")
        )
    return data
