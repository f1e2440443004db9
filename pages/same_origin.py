"""The guard of public forms, which carry no CSRF token.

These forms act for no session of staff. So it is enough to know that a request comes
from one of our own pages. Everything with a login keeps Django's CSRF middleware.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from pages.errors import error_page
from safeguards.counters import MINUTE, Chain, Limit, hit
from safeguards.network import Network, networks_of, posting_from

POSTS = Limit("posts", of=Network, window=MINUTE, setting="LIMIT_POSTS_A_MINUTE")

# No public form has half as many; a thousand cost what six signatures do.
MOST_FIELDS = 50
UNREADABLE = (
    BadRequest,
    MultiPartParserError,
    SuspiciousOperation,  # too many fields
    UnreadablePostError,  # the visitor went away
    LookupError,  # a charset that is no text encoding
    UnicodeError,
    ValueError,
)


def public_form(
    view: Callable[..., HttpResponse], most_fields: int = MOST_FIELDS
) -> Callable[..., HttpResponse]:
    """Let a POST through if it is ours, not too large, readable and not too often.

    Answers 403 for another site's form, 413 above PUBLIC_FORM_MAX_BYTES, 400 for a body
    that cannot be read or has too many fields, 429 above LIMIT_POSTS_A_MINUTE from one
    network. None of them is worth a traceback, so none leaves one in the log.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method == "POST":
            refusal = _refusal(request, most_fields)
            refusal = refusal or _counted(request, POSTS(networks_of(request)))
            if refusal is not None:
                return refusal
            with posting_from(request):
                return view(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return guarded


def public_act_form(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """The same for a form with which an act comes in.

    Its post is counted in the same statement as the act. The view takes the counters
    from `uncounted_post()` and hits them. When one of them is over, the view raises
    TooManyPosts before it stores anything. A post that the view has not counted, such
    as one with a fault, is counted after the view.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        request.uncounted_post = POSTS(networks_of(request))
        try:
            with posting_from(request):
                answer = view(request, *args, **kwargs)
        except TooManyPosts:
            return error_page(request, 429, wait=MINUTE)
        return _counted(request, uncounted_post(request)) or answer

    return guarded


class TooManyPosts(Exception):
    """More posts have come from this network in this minute than are allowed."""


def uncounted_post(request: HttpRequest) -> Chain:
    """The counters of this post, for code that hits them; none once that is done."""
    return request.__dict__.pop("uncounted_post", ())


def _counted(request, counters):
    """Count a post; returns the refusal if it is one too many, or None."""
    is_over = bool(counters) and hit(counters)
    return error_page(request, 429, wait=MINUTE) if is_over else None


def _refusal(request, most_fields=MOST_FIELDS):
    if not is_same_origin(request):
        return error_page(request, 403)
    if _length(request) > settings.PUBLIC_FORM_MAX_BYTES:
        return error_page(request, 413)
    try:
        if _fields(request) > most_fields:
            return error_page(request, 400)
        # This is kept for the page that says that the database is away.
        request.typed = dict(request.POST.lists())
    except RequestDataTooBig:
        return error_page(request, 413)
    except UNREADABLE:
        return error_page(request, 400)
    return None


def _fields(request):
    """How many fields a body has at most, counted before each is parsed."""
    if request.content_type == "multipart/form-data":
        boundary = request.content_params.get("boundary", "")
        return request.body.count(f"--{boundary}".encode())
    # A browser codes each equals sign but those between a name and its value.
    return max(map(request.body.count, (b"&", b"=")))


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a page of this site sent the request.

    A page cannot set Sec-Fetch-Site (W3C Fetch Metadata). Older browsers send Origin or
    Referer. A request with none of them is refused.
    """
    fetch_site = request.META.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None or origin == "null":
        origin = request.META.get("HTTP_REFERER", "")
    return is_ours(origin, request)


def is_ours(address: str, request: HttpRequest) -> bool:
    """Whether an address, or an origin, belongs to this site."""
    try:
        sent = urlsplit(address)[:2]
    except ValueError:
        return False
    scheme, host = urlsplit(settings.SITE_URL)[:2]
    return sent in ((scheme, host), (scheme, request.get_host()))


def _length(request):
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
