"""The cookie by which a browser that has confirmed an address may act for it.

It holds the supporter's key and cookie_version, which erasure and "forget this browser"
raise, and whether the device is the supporter's own. A page that asks who its reader is
gets cached only for readers who are not known (decision 10).
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from pages.cookies import SignedCookie
from pages.framed import is_framed
from pages.page_cache import note_reader
from supporters.people.models import Supporter

OWN_DEVICE = timedelta(days=30)
# The field by which a form says that it did not ask a known browser for the address.
KNOWN_FIELD = "as_known"
COOKIE = SignedCookie(
    "supporter",
    who=_("You, after you have confirmed your email address here"),
    words=_(
        "In this browser you sign, write, comment and follow with one button, and open "
        "your page."
    ),
    lasts=_(
        "Until you close the browser, or for 30 days if you say that the device is "
        "yours"
    ),
    # Most people come from a mail or another site, and are known here all the same.
    samesite="Lax",
)


def remember(response, supporter, *, own_device=False):
    """Let this browser act for the supporter, for this session or for 30 days."""
    value = [supporter.pk, supporter.cookie_version, int(own_device)]
    COOKIE.remember(response, value, OWN_DEVICE if own_device else None)


def supporter_of(request):
    """The supporter for whom this browser may act, or None: in a frame always that."""
    if is_framed(request):
        return None
    if not hasattr(request, "supporter"):
        request.supporter = None
        match _value_in(request):
            case [pk, version, _own_device]:
                mine = Supporter.objects.filter(pk=pk, cookie_version=version)
                request.supporter = mine.first()
        note_reader(request, is_known=request.supporter is not None)
    return request.supporter


def fill_in_address(request):
    """What was posted, with the address of a known browser whose form did not ask.

    If the browser is not known any more, the address is missing, and is asked for.
    """
    supporter = KNOWN_FIELD in request.POST and supporter_of(request)
    if not supporter:
        return request.POST
    filled = request.POST.copy()
    filled.setdefault("email", supporter.email)
    return filled


def is_own_device(request):
    """Whether the supporter has said that this browser is theirs."""
    return _value_in(request)[2:] == [1]


def has_cookie(request):
    """Whether this browser has a cookie of ours, which may be out of date by now."""
    return COOKIE.name in request.COOKIES and bool(_value_in(request))


def _value_in(request):
    return COOKIE.value_in(request, OWN_DEVICE) or []


def forget(response):
    """Remove the cookie from this browser."""
    COOKIE.forget(response)
