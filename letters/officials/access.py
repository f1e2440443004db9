"""The guard of an official's page, and the cookie of the browser that has opened it.

It is separate from supporters' (supporters/my_page/): somebody who reads letters in an
office may write letters at home, and neither visit opens the other's page.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from letters.officials.visits import OfficialVisit
from outbox.visits import for_owner
from pages.cookies import SignedCookie
from pages.errors import error_page

COOKIE = SignedCookie(
    "official",
    who=_("Officials who open their page with a link from their mailbox"),
    words=_(
        "Their page stays open in this browser until they sign out or close the "
        "browser."
    ),
    lasts=_("12 hours at most"),
)


def remember(response, visit):
    """Let this browser, until it is closed, go on with the visit."""
    COOKIE.remember(response, visit.pk)


def forget(response):
    COOKIE.forget(response)


def is_of(request, visit):
    """Whether this browser has opened the visit."""
    hours = timedelta(hours=settings.VISIT_HOURS)
    return COOKIE.value_in(request, hours) == visit.pk


def expired(request, visit=None, **why):
    """A page that shows only how to get in again: by the link under any letter.

    It shows another way where the caller says why: `is_used` or `is_denied`.
    """
    recipient = visit and visit.recipient
    if recipient and recipient.left_office_on:
        return left_office(request, recipient)
    return error_page(
        request, 410, "letters/official/expired.html", recipient=recipient, **why
    )


def left_office(request, recipient):
    return error_page(request, 410, "letters/official/left.html", recipient=recipient)


# What makes a view of an official's page: the official still holds office and address.
for_official = for_owner(
    OfficialVisit.objects.select_related("recipient__list"), is_of, expired
)
