"""The guard of my page: its views, in whichever app, are for its owner's browser."""

from functools import wraps

from pages.errors import error_page
from pages.same_origin import public_form
from supporters.my_page import browser
from supporters.my_page.visits import Visit


def for_visitor(view):
    """Make a view of my page: `view(request, visit, …)` for `mine/<slug:key>/…`.

    The key in the address is not enough. The visit must have been opened today, and
    this browser must have confirmed the address. The page is never cached.
    """

    @public_form
    @wraps(view)
    def guarded(request, key, *args, **kwargs):
        visit = (
            Visit.objects.going_on().select_related("supporter").filter(key=key).first()
        )
        if visit is None or browser.supporter_of(request) != visit.supporter:
            return expired(request)
        response = view(request, visit, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def expired(request):
    return error_page(request, 410, "supporters/expired.html")
