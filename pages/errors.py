"""Pages for when something is not as the visitor expected, in the site's look."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import is_valid_path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from database.outage import outage, stored_nothing
from pages.problems import is_for_programs, problem

UNREADABLE = (BadRequest, MultiPartParserError, TooManyFieldsSent, TooManyFilesSent)
LINE_LENGTH = 120
# Signs that stand after links in mails and texts, and at the end of none of ours.
SIGNS = " \xa0<>()[]{}.,;:!?*=|\"'`´‘’“”„«»‹›…"
# This one, too, but a key can end with it, so only the slash after a key tells.
IN_KEYS = "_"
BARE = (400, 403, 404, 405, 410, 413, 429)


def error_page(
    request: HttpRequest,
    status: int,
    template: str | None = None,
    *,
    wait: int | None = None,
    typed: Iterable[tuple[str | Promise, str]] | None = None,
    **context: Any,
) -> HttpResponse:
    """A page that says what happened and what to do; it is never cached.

    It gives back what a public form held. `wait` are the seconds after which it makes
    sense to send the form again. `typed` is (label, value) of what the page should show
    of it, where the caller knows better than this function which values hold words.
    """
    if is_for_programs(request):
        response: HttpResponse = problem(request, status)
        if wait:
            response["Retry-After"] = str(wait)
        return response
    context["minutes"] = wait and wait // 60
    context["typed"] = _words(request) if typed is None else typed
    if wait:
        context.update(_to_send_again(request))
    response = render(
        request, template or f"errors/{status}.html", context, status=status
    )
    response["Cache-Control"] = "no-store"
    if wait:
        response["Retry-After"] = str(wait)
    return response


class ErrorPagesMiddleware:
    """Gives a page to the empty answers (405) that Django's decorators return."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Answer that the request cannot be read, without a traceback in the log."""
        if isinstance(exception, RequestDataTooBig):
            return error_page(request, 413)
        if isinstance(exception, UNREADABLE):
            return error_page(request, 400)
        return None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        bare = response.status_code in BARE and not response.streaming
        if bare and not response.content and request.method != "HEAD":
            page = error_page(request, response.status_code)
            for name, value in response.items():  # such as Allow (RFC 9110, 15.5.6)
                if name.lower() != "content-length":  # of the empty answer
                    page.headers.setdefault(name, value)
            return page
        return response


def bad_request(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not there; or the way to the address that was meant."""
    if request.method in ("GET", "HEAD") and (path := without_signs(request.path_info)):
        return redirect(path)
    desk = reverse("admin:index")
    is_of_desk = request.path_info.startswith(desk)
    return error_page(request, 404, desk=desk if is_of_desk else "")


def without_signs(path: str) -> str | None:
    """An address of ours without the signs that a mail program has added at its end.

    A link in a mail often stands in brackets, or before a full stop. None if there are
    no such signs, or no such address either.
    """
    if path.endswith("/") or path.startswith("//"):
        return None
    meant = path.rstrip(SIGNS + IN_KEYS)
    if not meant.endswith("/"):  # the slash is lost as well
        meant = path.rstrip(SIGNS)
    meant = meant.rstrip("/") + "/"
    return meant if is_valid_path(meant) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own faults; it makes no query, and nothing else that may fail.

    The status is 503 while the database is away or a disk full: that passes by itself.
    """
    error = outage(sys.exception())
    try:
        if error is not None:
            return error_page(
                request,
                503,
                wait=30,
                is_form=request.method == "POST",
                stored_nothing=stored_nothing(error),
            )
        if is_for_programs(request):
            return problem(request, 500)
        page: str = loader.render_to_string("errors/500.html")
    except Exception:
        page = "<!doctype html><title>Error</title><p>Something broke. Try again soon."
    status = 500 if error is None else 503
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def _words(request):
    """What somebody wrote in a form that was not taken: the values of many words."""
    values = [value for _name, value in _pairs(getattr(request, "typed", None))]
    return [(_("What you wrote"), value) for value in values if len(value.split()) > 1]


def _to_send_again(request):
    """What a visitor typed, as fields of a form that sends it once more.

    Only a form that `public_form` has let through is given back.
    """
    typed = getattr(request, "typed", None)
    return {
        "can_be_sent_again": typed is not None,
        "lines": [pair for pair in _pairs(typed) if not _is_text(pair)],
        "texts": [pair for pair in _pairs(typed) if _is_text(pair)],
    }


def _pairs(typed):
    return [(n, v) for n, values in (typed or {}).items() for v in values]


def _is_text(pair):
    return len(pair[1]) > LINE_LENGTH or "\n" in pair[1]
