"""Mails that the site writes itself: a text, its HTML, and the headers they need."""

import hashlib
import re
from collections.abc import Mapping
from email import policy
from email.utils import formataddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, make_msgid
from django.template.loader import render_to_string
from django.utils import translation

from branding.site import site, the_site


class _MailPolicy(policy.EmailPolicy):
    """How headers are folded: none begins with an empty line.

    Python puts a name that does not fit beside the word "From:" on a line below it, and
    strict readers take such a header for empty.
    """

    def fold(self, name: str, value: str) -> str:
        return self._from_the_first_line(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        folded = super().fold_binary(name, value).decode("ascii", "surrogateescape")
        return self._from_the_first_line(folded).encode("ascii", "surrogateescape")

    def _from_the_first_line(self, folded: str) -> str:
        name, is_empty, rest = folded.partition(f":{self.linesep} ")
        if not is_empty or " " in name:
            return folded
        first, end, more = f"{name}: {rest.lstrip(' ')}".partition(self.linesep)
        room = self.max_line_length or len(first)
        blank = first.rfind(" ", len(name) + 2, room + 1)
        if len(first) > room and blank > 0:
            first = f"{first[:blank]}{self.linesep}{first[blank:]}"
        return first + end + more


# The encoding of mails: no line is longer than RFC 2045, 6.7, and RFC 2047, 2, allow.
POLICY = _MailPolicy(linesep="\r\n", max_line_length=76)


def write(
    to: str, template: str, context: Mapping[str, Any], language: str
) -> EmailMultiAlternatives:
    """A mail from emails/<template>.txt (first line: the subject) and .html.

    If its context has a `stop_url`, a mail program can stop such mails with one click
    (RFC 8058, RFC 2369).
    """
    parts = render(template, context, language)
    written = message(to, *parts, kind=template, campaign=context.get("campaign"))
    if stop_url := context.get("stop_url"):
        written.extra_headers |= {
            "List-Id": list_id(template),
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return written


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
    subject = " ".join(subject.split())
    # A colon at the end of a line brings the space that stands behind it elsewhere.
    # That of a signature belongs to it: mail programs know it by "-- " (RFC 3676, 4.3).
    text = re.sub(r"(?<!^--)(?<! ) +$", "", text.strip(), flags=re.MULTILINE)
    return subject, text + "\n", _inliner().inline(html)


@cache
def _inliner():
    """What repeats the rules of the style block at each element.

    Many mail programs drop the block. It stays for dark mode, and whole: a filter
    counts a short HTML with a picture as spam (tests/outbox/test_spam_points.py).
    Nothing is fetched. Only who writes mails loads it, which is the worker.
    """
    import css_inline

    return css_inline.CSSInliner(
        keep_style_tags=True, minify_css=True, load_remote_stylesheets=False
    )


def message(
    to: str, subject: str, text: str, html: str, *, kind: str, campaign: object = None
) -> EmailMultiAlternatives:
    """A mail of the site, from its one address; `kind` is the name of its template.

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
            "Feedback-ID": _feedback_id(kind, campaign),
            "Message-ID": make_msgid(domain=own.from_email.partition("@")[2]),
            "X-Auto-Response-Suppress": "All",
        },
    )
    written.attach_alternative(html, "text/html")
    return written


def list_id(kind: str) -> str:
    """The List-Id (RFC 2919) of mails of a kind that can be stopped.

    It never changes, so that people can sort by it. Filters take a mail with one header
    of a list, but without the other, for spam.
    """
    return f"<{_label(kind)}.{_host()}>"


def _feedback_id(kind, campaign):
    """By what mailbox providers tell us which mails are called spam.

    As Gmail asks, it names campaign, kind, site, and the sender, whose name must never
    change. All are our own words, and none is about the addressee.
    """
    key = getattr(campaign, "pk", None)
    sender = hashlib.sha256(settings.MAIL_DOMAIN.encode()).hexdigest()[:12]
    named = [f"campaign-{key}"] if key else []
    return ":".join([*named, _label(kind), _host(), sender])


def _label(kind):
    return kind.replace("_", "-")


def _host():
    host = urlsplit(settings.SITE_URL).hostname or ""
    return re.sub(r"[^a-z0-9.-]", "-", host)
