"""Middleware of every request that needs nothing but itself."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBadRequest
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase

REFUSAL = b"This site has another address.\n"
NOT_ALLOWED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
POLICY = ", ".join(f"{feature}=()" for feature in NOT_ALLOWED)


class OwnHostMiddleware:
    """Refuses requests for another site's name before anything else is done.

    Anybody can point a name of their own at this server. Without this, such a name
    would get our public pages from the cache, and every other page would log a
    traceback. It answers 400, in a few words and without a line in the log (RFC 9112,
    3.2).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_ours(request):
            return HttpResponseBadRequest(
                REFUSAL,
                content_type="text/plain",
                headers={"Content-Length": str(len(REFUSAL))},
            )
        return self.get_response(request)


def is_ours(request: HttpRequest) -> bool:
    """Whether get_host() would allow its host; that one raises and logs instead."""
    host = request._get_raw_host()  # type: ignore[attr-defined]
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


class PermissionsPolicyMiddleware:
    """Says what no page may do in a browser, even if something gets into the page.

    Django does not send the header (Permissions-Policy, W3C).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
