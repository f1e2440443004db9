"""The methods of pages that are only read."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let GET and HEAD through; any other method gets the page of a 405.

    Django's CSRF middleware would answer before the view, with a 403 that speaks of a
    form. A view that refuses every method that changes something needs no such guard.
    """
    decorated: Callable[..., HttpResponse] = csrf_exempt(require_safe(view))
    return decorated
