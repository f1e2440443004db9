"""The cookie by which a browser that has confirmed an address may act for it.

Read only by POST handlers and by uncached pages. It holds the supporter's key and
cookie_version, which erasure and "forget this browser" raise.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing

from supporters.people.models import Supporter

OWN_DEVICE = timedelta(days=30)
_SALT = "supporters.my_page.browser"


def cookie_name():
    # The prefix makes browsers refuse one set by a sibling domain (RFC 6265bis).
    return "__Host-supporter" if settings.SERVED_OVER_HTTPS else "supporter"


def remember(response, supporter, *, own_device=False):
    """Let this browser act for the supporter: for this session, or for 30 days."""
    response.set_cookie(
        cookie_name(),
        signing.dumps([supporter.pk, supporter.cookie_version], salt=_SALT),
        max_age=OWN_DEVICE if own_device else None,
        secure=settings.SERVED_OVER_HTTPS,
        httponly=True,
        samesite="Strict",
    )


def supporter_of(request):
    """The supporter this browser may act for, or None."""
    cookie = request.COOKIES.get(cookie_name())
    if not cookie:
        return None
    try:
        pk, version = signing.loads(cookie, salt=_SALT, max_age=OWN_DEVICE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Supporter.objects.filter(pk=pk, cookie_version=version).first()


def forget(response):
    """Take the cookie away from this browser."""
    response.delete_cookie(cookie_name(), samesite="Strict")
