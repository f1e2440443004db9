"""The mail that an official receives."""

from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from campaign_site.context import the_site

# RFC 5322, 2.1.1: lines should have at most 78 characters without CRLF.
POLICY = policy.SMTP.clone(max_line_length=78)


def message_for(delivery):
    """The letter as one of its recipients gets it, in bytes.

    From: one fixed address of ours under the writer's name, so that SPF, DKIM and
    DMARC align; Reply-To: the writer. No Auto-Submitted: a person wrote it (RFC 3834,
    section 2). When it goes to all together, every recipient gets the same bytes: To:
    names everyone, one Message-ID, so that they can reply to all.
    """
    letter = delivery.letter
    together = not letter.goes_one_by_one
    # Who has agreed meanwhile is not written to, and so not named.
    all_of_them = letter.deliveries.fitting().filter(was_overtaken=False).order_by("pk")
    deliveries = all_of_them if together else [delivery]
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(
        display_name=sender_name(letter.name), addr_spec=settings.LETTERS_FROM_EMAIL
    )
    message["Reply-To"] = Address(
        display_name=letter.name, addr_spec=letter.confirmation.email
    )
    message["To"] = [Address(d.label, addr_spec=d.email) for d in deliveries]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.confirmed_at)
    message["Message-ID"] = delivery.sent_as
    if delivery.follows_id:
        message["In-Reply-To"] = message["References"] = delivery.follows.sent_as
    text = letter.text_for_writer if together else letter.text_to(delivery)
    message.set_content(
        with_footer(text, letter.name, letter.campaign), cte="quoted-printable"
    )
    return bytes(message)


def sender_name(name):
    """The display name of From:, in the words of RFC 5322 clients: "Ada via Site"."""
    return f"{name} via {the_site().name}"


def with_footer(text, name, campaign):
    """The letter, and under it who wrote, who sent, and where to complain."""
    with translation.override(campaign.language):
        footer = _(
            "%(name)s wrote this letter and asked %(site)s to send it.\n"
            "Your reply goes to the writer. About this service: %(url)s, %(contact)s"
        ) % {
            "name": name,
            "site": the_site().name,
            "url": settings.SITE_URL,
            "contact": the_site().contact_email,
        }
    return f"{text}\n\n-- \n{footer}\n"
