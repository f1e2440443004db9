"""The guard of a volunteer's pages, and the cookie of a browser that opened the link.

The link alone shows nothing of a draft: programs that look at every link of a mail or a
chat press no button.
"""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pages.cookies import SignedCookie
from pages.errors import error_page
from pages.same_origin import public_form
from volunteers.parts import further_languages
from volunteers.requests import LONGEST_DAYS, TranslationRequest

COOKIE = SignedCookie(
    "volunteer",
    who=_("Volunteers who translate a campaign"),
    words=_("The translation stays open in this browser."),
    lasts=_("Until they close the browser"),
)
# So many links are open in one browser; the oldest is asked for its button again.
MOST_OPEN = 10


def remember(request, response, found):
    """Let this browser, until it is closed, work on this translation."""
    keys = [key for key in _open_in(request) if key != found.pk]
    COOKIE.remember(response, [*keys, found.pk][-MOST_OPEN:])


def has_opened(request, found):
    return found.pk in _open_in(request)


def _open_in(request):
    value = COOKIE.value_in(request, timedelta(days=LONGEST_DAYS))
    return value if isinstance(value, list) else []


def with_link(view):
    """Make a view of a link, opened or not: `view(request, found, …)`.

    An unknown link is a 404. One that is over says so, and one for which nobody answers
    any more. Nothing of it is cached.
    """

    # A campaign has many texts; who has the link may send them.
    taken = public_form(view, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)

    @wraps(taken)
    def guarded(request, key, *args, **kwargs):
        try:
            found = TranslationRequest.objects.for_key(key)
        except TranslationRequest.DoesNotExist:
            raise Http404 from None
        # The campaign may have another first language by now, and the site others.
        may_be = further_languages(found.campaign)
        works = found.is_open and found.is_answered_for
        if not works or found.language not in may_be:
            response = error_page(request, 410, "volunteers/over.html")
        else:
            response = taken(request, found, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return guarded


def for_volunteer(view):
    """Make a view of the work itself, for a browser in which the link was opened."""

    @with_link
    @wraps(view)
    def guarded(request, found, *args, **kwargs):
        if not has_opened(request, found):
            with override(found.language):
                return error_page(
                    request, 403, "volunteers/not_open.html", link=found.url
                )
        return view(request, found, *args, **kwargs)

    return guarded
