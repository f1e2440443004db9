"""The guard of an official's page, and the cookie of the browser that has opened it.

It is separate from supporters' (supporters/my_page/): somebody who reads letters in an
office may write letters at home, and neither visit opens the other's page.
"""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from letters.officials.visits import OfficialVisit
from pages.cookies import SignedCookie
from pages.errors import error_page
from pages.same_origin import public_form

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


def for_official(view):
    """Make a view of an official's page: `view(request, visit, …)`.

    Its address is `…/<slug:key>/…`, and the key alone is not enough. The visit must
    have been opened today and in this browser, and the official must still hold the
    office and the address. The page is never cached.
    """

    @public_form
    @wraps(view)
    def guarded(request, key, *args, **kwargs):
        visit = (
            OfficialVisit.objects.select_related("recipient__list")
            .filter(key=key)
            .first()
        )
        if visit is None or not visit.is_going_on or not is_of(request, visit):
            return expired(request, visit)
        response = view(request, visit, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


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
