"""Answers to programs: read from anywhere, and with a problem where a page has one."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse


def for_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let scripts of any site read the answers of a view, without cookies.

    Whatever goes wrong is a problem (RFC 9457) and no page. Its sentences are in
    English, for the developer who reads them.
    """

    @wraps(view)
    def marked(request, *args, **kwargs):
        request.is_for_programs = True
        return readable_anywhere(request, view(request, *args, **kwargs))

    return marked


def for_key_holders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for programs with a key: kept nowhere, and read by no other site."""

    @wraps(view)
    def marked(request, *args, **kwargs):
        request.is_for_programs = request.is_for_key_holders = True
        answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer

    return marked


def readable_anywhere(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let scripts of any site read it; a browser sends no cookies for that.

    What is for holders of a key stays as it is.
    """
    if not getattr(request, "is_for_key_holders", False):
        answer["Access-Control-Allow-Origin"] = "*"
    return answer


def is_for_programs(request: HttpRequest) -> bool:
    return getattr(request, "is_for_programs", False)


def problem(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """What went wrong, for programs; it is never cached."""
    said = {"title": HTTPStatus(status).phrase, "status": status}
    answer = JsonResponse(
        {**said, "detail": detail} if detail else said,
        status=status,
        content_type="application/problem+json",
    )
    answer["Cache-Control"] = "no-store"
    return readable_anywhere(request, answer)
