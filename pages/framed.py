"""Pages that another website may show in a frame (decision 74).

In a frame nobody is known: whoever built the page around it could lay something over a
button that acts for its reader. So these pages read no cookie and set none, and nothing
of a person shows on them but what is typed there.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pages.errors import BARE

_POLICY = {k: v for k, v in settings.SECURE_CSP.items() if k != "frame-ancestors"}


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let other websites show what this view answers, also what is wrong in a form.

    Templates read `request.is_framed`. No such page counts as read: most people around
    it came for something else. An answer without a page stays unframed.
    """

    @wraps(view)
    def shown(request, *args, **kwargs):
        request.is_framed = True
        response = view(request, *args, **kwargs)
        if response.content or response.status_code not in BARE:
            response.xframe_options_exempt = True
            response._csp_config = _POLICY
        response.headers.pop("X-Read-As", None)
        response.headers.pop("X-Accel-Expires", None)
        response.__dict__.pop("read_as", None)
        return response

    return shown


def is_framed(request: HttpRequest) -> bool:
    """Whether this page may stand in a frame of another website."""
    return getattr(request, "is_framed", False)
