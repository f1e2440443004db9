"""A finished letter, and the ways in which its writer can send it themselves."""

from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import quote

# Characters of a mailto link that every common mail program opens whole; some cut
# longer ones (Outlook and old Windows at 2,083, Firefox at 2,008: both measured).
MAILTO_LIMIT = 1900


@dataclass(frozen=True)
class Envelope:
    """Recipients, subject and text: all that a mail program needs."""

    recipients: list
    subject: str
    text: str

    @property
    def addresses(self):
        return [recipient.email for recipient in self.recipients]

    @property
    def mailto(self):
        """A mailto link (RFC 6068); without the text when that makes it too long."""
        whole = f"{self._mailto_head}&body={_quoted(self.text)}"
        return self._mailto_head if len(whole) > MAILTO_LIMIT else whole

    @property
    def is_too_long_for_mailto(self):
        return self.mailto == self._mailto_head

    @property
    def gmail(self):
        return (
            "https://mail.google.com/mail/?view=cm&fs=1"
            f"&to={_quoted(','.join(self.addresses))}"
            f"&su={_quoted(self.subject)}&body={_quoted(self.text)}"
        )

    @property
    def outlook(self):
        return (
            "https://outlook.live.com/mail/0/deeplink/compose"
            f"?to={_quoted(','.join(self.addresses))}"
            f"&subject={_quoted(self.subject)}&body={_quoted(self.text)}"
        )

    @property
    def yahoo(self):
        return (
            f"https://compose.mail.yahoo.com/?to={_quoted(','.join(self.addresses))}"
            f"&subject={_quoted(self.subject)}&body={_quoted(self.text)}"
        )

    def as_draft(self):
        """The letter as a .eml file, in bytes; mail programs open it as a draft.

        X-Unsent is what Outlook and Thunderbird look for. It has no From: the
        program fills in its own.
        """
        message = EmailMessage(policy=policy.SMTP)
        message["X-Unsent"] = "1"
        message["To"] = [
            Address(display_name=recipient.label, addr_spec=recipient.email)
            for recipient in self.recipients
        ]
        message["Subject"] = self.subject
        message.set_content(self.text, cte="quoted-printable")
        return bytes(message)

    @property
    def _mailto_head(self):
        to = ",".join(quote(address, safe="@") for address in self.addresses)
        return f"mailto:{to}?subject={_quoted(self.subject)}"


def _quoted(text):
    return quote(text.replace("\n", "\r\n"), safe="")
