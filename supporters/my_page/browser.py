"""The cookie by which a browser that has confirmed an address may act for it.

Only POST handlers and uncached pages read it. It holds the supporter's key and
cookie_version, which erasure and "forget this browser" raise.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from pages.cookies import SignedCookie
from supporters.people.models import Supporter

OWN_DEVICE = timedelta(days=30)
COOKIE = SignedCookie(
    "supporter",
    who=_("You, after you have confirmed your email address here"),
    words=_(
        "This browser fills in and sends your letter, shows your next comment at "
        "once and opens your page."
    ),
    lasts=_("Until you close the browser, or for 30 days if you say that it is yours"),
)


def remember(response, supporter, *, own_device=False):
    """Let this browser act for the supporter, for this session or for 30 days."""
    value = [supporter.pk, supporter.cookie_version]
    COOKIE.remember(response, value, OWN_DEVICE if own_device else None)


def supporter_of(request):
    """The supporter for whom this browser may act, or None."""
    match COOKIE.value_in(request, OWN_DEVICE):
        case [pk, version]:
            return Supporter.objects.filter(pk=pk, cookie_version=version).first()
    return None


def forget(response):
    """Remove the cookie from this browser."""
    COOKIE.forget(response)
