"""Mails that the site writes itself: a text, its HTML, and the headers they need."""

from collections.abc import Mapping
from email import policy
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives, make_msgid
from django.template.loader import render_to_string
from django.utils import translation

from branding.site import site, the_site

# The encoding of mails: no line is longer than RFC 2045, 6.7, and RFC 2047, 2, allow.
POLICY = policy.SMTP.clone(max_line_length=76)


def write(
    to: str, template: str, context: Mapping[str, Any], language: str
) -> EmailMultiAlternatives:
    """A mail from emails/<template>.txt (first line: the subject) and .html."""
    return message(to, *render(template, context, language))


def render(
    template: str, context: Mapping[str, Any], language: str
) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail that the site writes."""
    with translation.override(language):
        own = {
            **site(None),
            "colours": the_site().colours,
            "language": language,
        }
        context = {**own, **context}
        subject, _, text = render_to_string(
            f"emails/{template}.txt", context
        ).partition("\n")
        html = render_to_string(f"emails/{template}.html", context)
    # A title may hold a line break that is no "\n"; a header may not.
    return " ".join(subject.split()), text.strip() + "\n", html


def message(to: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    """A mail of the site, from its one address.

    It is marked auto-generated (RFC 3834), so that no out-of-office answer comes back.
    """
    own = the_site()
    written = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=formataddr((own.sender_name, own.from_email)),
        to=[to],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": make_msgid(domain=own.from_email.partition("@")[2]),
            "X-Auto-Response-Suppress": "All",
        },
    )
    written.attach_alternative(html, "text/html")
    return written


def with_stop(message: EmailMultiAlternatives, url: str) -> None:
    """Let a mail program stop such mails with one click (RFC 8058, RFC 2369)."""
    message.extra_headers["List-Id"] = list_id()
    message.extra_headers["List-Unsubscribe"] = f"<{url}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def list_id() -> str:
    """The List-Id (RFC 2919) of all mails that can be stopped.

    Filters take a mail with one header of a list, but without the other, for spam.
    """
    return f"<mails.{the_site().from_email.partition('@')[2]}>"
