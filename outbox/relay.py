"""Hands messages to our relay and keeps its words (RFC 5321).

Django's backend hides partial refusals, and smtplib alone does not tell a connection
that broke before the message was complete from one that broke after. In the first case
the message may be tried again; in the second it may have arrived.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from django.conf import settings

# The answer to the final dot may take ten minutes (RFC 5321, 4.5.3.2.6). Our relay is
# near, so an answer that takes longer than this is lost, and noted as lost.
FINAL_ANSWER_SECONDS = 120
GOODBYE_SECONDS = 5
GO_AHEAD = 354
# Enhanced status codes (RFC 3463, 7505) that say that the address itself is no good: no
# such mailbox or system, bad syntax, moved, disabled, no mail at all. The pattern does
# not match parts of other numbers, such as an IP address.
_BAD_ADDRESS = re.compile(r"(?<![\d.])5\.(1\.[0-46]|1\.10|2\.1)(?![\d.]*\d)")
# The other side wants no mail from us, for this mailbox or for all (RFC 3463, 3.8).
_UNWANTED = re.compile(r"(?<![\d.])5\.7\.1(?![.\d])")


class NotNow(Exception):
    """Nothing was handed over, and it may be tried again; holds the relay's words."""


class NoRelay(NotNow):
    """The relay takes nothing from us at the moment, whomever it is for."""


class Refused(Exception):
    """Nothing was handed over, and trying again is no use; holds the words."""


class ChangedMeanwhile(Exception):
    """What the mail is about has changed since it was written, so it does not leave."""


class AnswerLost(Exception):
    """The message was complete, but its answer did not come."""


class Post:
    """A connection to our relay, opened at the first message and kept for the next.

    After an error in a conversation the connection is closed, and the next message
    opens another: a message is not delivered if that happens before its final dot.
    """

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: BaseException | type | TracebackType | None) -> None:
        self.say_goodbye()

    def open(self) -> None:
        """Connect and sign in, before any message. Raises NoRelay."""
        try:
            self._smtp = _connect()
        except (OSError, smtplib.SMTPException) as error:
            raise NoRelay(_words_of(error)) from None

    def say_goodbye(self) -> None:
        """Close the connection, if there is one; the next message opens another."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._smtp.sock is not None:
                    self._smtp.sock.settimeout(GOODBYE_SECONDS)
                self._smtp.quit()
            self._close()

    def submit(
        self,
        sender: str,
        recipient: str,
        message: bytes,
        *,
        before_the_end: Callable[[], None],
        notify: str = "FAILURE",
        seconds: float = 60,
    ) -> str:
        """Hand a message (with CRLF) to the relay; returns the words of its 250.

        `notify` names the reports that are asked for (RFC 3461, 4.1). All but the final
        dot must be said within `seconds`. Then `before_the_end` is called: from then on
        the relay may have taken the message, whatever happens to us. Until the dot the
        relay must not deliver anything (RFC 5321, 4.1.1.4), so an error that
        `before_the_end` raises keeps the message from being sent. Raises NotNow,
        NoRelay, Refused or AnswerLost.
        """
        done = False
        try:
            self._end = time.monotonic() + seconds
            self._greet(sender)
            self._say_all_but_the_dot(recipient, message, notify)
            before_the_end()
            reply = self._say_the_dot()
            done = True
        finally:
            if not done:
                self._close()
        if reply[0] // 100 not in (2, 4, 5):
            self._close()
            raise AnswerLost(_text(reply))
        return _expect(reply)

    def _greet(self, sender):
        """Connect and say MAIL. An error here is about us, not about this mail.

        The relay may have closed a connection from before; then another one is opened.
        """
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException, NoRelay):
                self._say_mail(sender)
                return
            self._close()
        self.open()
        try:
            self._say_mail(sender)
        except (OSError, smtplib.SMTPException) as error:
            raise NoRelay(_words_of(error)) from None

    def _say_mail(self, sender):
        self._be_in_time()
        _welcome(self._smtp.mail(sender, _dsn(self._smtp, "RET=HDRS")))

    def _say_all_but_the_dot(self, recipient, message, notify):
        """Say the rest of the conversation. An error may now be about this mail."""
        smtp = self._smtp
        try:
            self._be_in_time()
            _expect(smtp.rcpt(recipient, _dsn(smtp, f"NOTIFY={notify}")))
            self._be_in_time()
            smtp.putcmd("data")
            _expect(smtp.getreply(), GO_AHEAD)
            self._be_in_time()
            smtp.send(_with_escaped_dots(message))
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(_words_of(error)) from None

    def _say_the_dot(self):
        try:
            self._smtp.sock.settimeout(FINAL_ANSWER_SECONDS)
            self._smtp.send(b".\r\n")
            return self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise AnswerLost(_words_of(error)) from None

    def _be_in_time(self):
        """Make the next answer come before the conversation's time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._smtp.sock.settimeout(min(left, _relay().get("timeout", 30)))

    def _close(self):
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _relay():
    return settings.MAILERS["default"]["OPTIONS"]


def _connect():
    relay = _relay()
    about = {
        "host": relay["host"],
        "port": relay["port"],
        "local_hostname": settings.MAIL_DOMAIN,
        "timeout": relay.get("timeout", 30),
    }
    if relay.get("use_ssl"):  # without a context, smtplib believes any certificate
        smtp = smtplib.SMTP_SSL(**about, context=ssl.create_default_context())
    else:
        smtp = smtplib.SMTP(**about)
    try:
        # The final dot must not wait until the relay has acknowledged what came before.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if relay.get("use_tls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if relay.get("username"):
            smtp.login(relay["username"], relay["password"])
    except Exception:
        smtp.close()
        raise
    return smtp


def _expect(reply, wanted=None):
    """The words of a good reply; raises NotNow for 4xx, Refused for 5xx."""
    code, _words = reply
    text = _text(reply)
    if code == wanted or (wanted is None and 200 <= code < 300):
        return text
    if 500 <= code < 600:
        raise Refused(text)
    raise NotNow(text)


def _welcome(reply):
    """Treat any refusal of MAIL as "not now".

    It is about us, not about the recipient: an account that is locked or set up wrong
    is put right within days, and the letters leave then.
    """
    try:
        _expect(reply)
    except (NotNow, Refused) as words:
        raise NoRelay(*words.args) from None


def says_bad_address(words: str) -> bool:
    """Whether a server's words say that the address will never take mail again."""
    return bool(_BAD_ADDRESS.search(words))


def says_unwanted(words: str) -> bool:
    """Whether a server's words say that its side takes no such mail from us."""
    return bool(_UNWANTED.search(words))


def _text(reply):
    code, words = reply
    return f"{code} {words.decode(errors='replace')}".replace("\n", " ")


def _with_escaped_dots(message):
    """The message as DATA carries it, without the final dot (RFC 5321, 4.5.2)."""
    escaped = re.sub(rb"(?m)^\.", b"..", message)
    return escaped if escaped.endswith(b"\r\n") else escaped + b"\r\n"


def _words_of(error):
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        if isinstance(words, bytes):
            words = words.decode(errors="replace")
        return f"{error.smtp_code} {words}"
    return f"{type(error).__name__}: {error}"


def _dsn(smtp, option):
    """Ask for a report on what becomes of the mail (RFC 3461), where the relay can."""
    return [option] if smtp.has_extn("dsn") else []
