"""A finished letter, and the ways in which its writer can send it themselves."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import quote

from django.utils.functional import cached_property

from outbox.mail import POLICY

# Characters of a mailto link that every common mail program opens whole; some cut
# longer ones (Outlook and old Windows at 2,083, Firefox at 2,008: both measured).
MAILTO_LIMIT = 1900
# Every server should take so much (RFC 9110, 4.1). In some scripts, one character of a
# letter becomes nine of a link: three links without a limit would make a page of half a
# megabyte.
WEBMAIL_LIMIT = 8000


@dataclass(frozen=True)
class Envelope:
    """Recipients, subject and text: all that a mail program needs."""

    recipients: list
    subject: str
    text: str

    @cached_property
    def addresses(self):
        """The addresses of the recipients, each domain in the form of the DNS."""
        return [_for_the_dns(recipient.email) for recipient in self.recipients]

    @cached_property
    def mailto(self):
        """A mailto link (RFC 6068) of at most MAILTO_LIMIT characters.

        If it is too long, it lacks the text, which is then pasted; if it is still too
        long, it lacks the addresses as well.
        """
        to = ",".join(quote(address, safe="@") for address in self.addresses)
        subject = f"?subject={_quoted(self.subject)}"
        return _fitting(
            MAILTO_LIMIT,
            f"mailto:{to}{subject}{self._body}",
            f"mailto:{to}{subject}",
            f"mailto:{subject}",
        )

    @property
    def is_too_long_for_mailto(self):
        return "&body=" not in self.mailto

    @cached_property
    def gmail(self):
        return self._webmail("https://mail.google.com/mail/?view=cm&fs=1&to", "su")

    @property
    def outlook(self):
        return self._webmail("https://outlook.live.com/mail/0/deeplink/compose?to")

    @property
    def yahoo(self):
        return self._webmail("https://compose.mail.yahoo.com/?to")

    @property
    def is_too_long_for_webmail(self):
        return "&body=" not in self.gmail

    def _webmail(self, start, title="subject"):
        """A link of at most WEBMAIL_LIMIT characters, shortened in the same way."""
        to = _quoted(",".join(self.addresses))
        subject = f"&{title}={_quoted(self.subject)}"
        return _fitting(
            WEBMAIL_LIMIT,
            f"{start}={to}{subject}{self._body}",
            f"{start}={to}{subject}",
            f"{start}={subject}",
        )

    @cached_property
    def _body(self):
        return f"&body={_quoted(self.text)}"

    def as_draft(self):
        """The letter as a .eml file, in bytes; mail programs open it as a draft.

        Outlook and Thunderbird look for X-Unsent. There is no From:, since the program
        fills in its own.
        """
        message = EmailMessage(policy=POLICY)
        message["X-Unsent"] = "1"
        message["To"] = [
            Address(display_name=recipient.label, addr_spec=address)
            for recipient, address in zip(self.recipients, self.addresses, strict=True)
        ]
        message["Subject"] = self.subject
        message.set_content(self.text, cte="quoted-printable")
        return bytes(message)


def _fitting(limit, *links):
    """The first of these that is short enough, else the last."""
    return next((link for link in links if len(link) <= limit), links[-1])


def _for_the_dns(address):
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _quoted(text):
    """A text for a link. What fits in none is cut, and still fits in none."""
    lines = text.replace("\n", "\r\n").encode()
    return quote(lines[: WEBMAIL_LIMIT + 1], safe="")
