"""Answers public pages from a cache, before any other middleware.

A public page is the same for every visitor: it reads no cookie, no header and no query
parameter, so its path alone is the key. Some have forms that a known browser gets
filled in: they are rendered for it alone, and cached for everybody else. An entry holds
the body in each encoding that browsers ask for, so that a hit costs one look-up and
nothing else.
"""

import gzip
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, Self

import brotli
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from database import replica
from database.pause import Pause
from pages import machine_cache
from pages.middleware import is_ours

logger = logging.getLogger(__name__)
# With the time to render it, all webs show the same within ten seconds.
FRESH_SECONDS = 8
# How long an entry that is no longer fresh may be sent while one request renders the
# next, here and by caches in front of us; and how long while rendering fails.
RENEWED_SECONDS = 2 * FRESH_SECONDS
STALE_SECONDS = 300
# A cache that did not answer is asked again after so long.
AWAY_SECONDS = 2
# So long a page that was changed is not read from a replica, which may be behind.
CHANGED_SECONDS = 60
CACHE_CONTROL = (
    f"public, max-age=0, s-maxage={FRESH_SECONDS}, "
    f"stale-while-revalidate={RENEWED_SECONDS}, stale-if-error={STALE_SECONDS}"
)
_OF_304 = ("Cache-Control", "ETag", "Vary", "X-Read-As")
# The name of a page, such as ("campaign", 5).
type PageName = tuple[Any, ...]
# Gets the name of a page that was read, and the headers (META) of its reader.
type Tell = Callable[[PageName, Mapping[str, Any]], None]


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view's 200 answers as the same for everybody, to be cached anywhere.

    A view may set a Cache-Control of its own, where the address names the content.
    """

    @wraps(view)
    def marked(request, *args, **kwargs):
        is_read = request.method in ("GET", "HEAD")
        # With a session, its middleware would answer an invalid cookie by deleting it,
        # and the page would differ by cookie. A view that reads the session here fails.
        if is_read and hasattr(request, "session"):
            del request.session
        if is_read and _may_be_read_elsewhere(request):
            response = replica.read(lambda: view(request, *args, **kwargs))
        else:
            response = view(request, *args, **kwargs)
        if getattr(request, "is_of_known_reader", False):
            response["Cache-Control"] = "private, no-store"
        elif is_read and response.status_code == 200:
            response.is_public_page = True
            response.differs_by_reader = hasattr(request, "is_of_known_reader")
            response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        return response

    return marked


def when_read(tell: Tell) -> None:
    """Call this for each GET of a page whose view has set `read_as`, its name.

    It is called with that name and the reader's headers, also for a page from the
    cache. It must cost next to nothing, and must never fail.
    """
    _told.append(tell)


def stale_after(version: Callable[[], int]) -> None:
    """Render all pages again once this number has grown: each shows something new.

    It is called for each page, so it must cost next to nothing, and must never fail.
    """
    _versions.append(version)


def when_known(is_known: Callable[[HttpRequest], bool]) -> None:
    """Render pages that differ by their reader anew where this says that it is known.

    It is called for each reading of such a page, so it must cost next to nothing.
    """
    _knows.append(is_known)


def never_where(asks_for_another: Callable[[HttpRequest], bool]) -> None:
    """Answer nothing from the cache where the query of a request asks for another page.

    It is called for each address with a query, so it must cost next to nothing.
    """
    _others.append(asks_for_another)


def note_reader(request: HttpRequest, *, is_known: bool) -> None:
    """Note that the page shows a known reader something else, and whether this is one.

    What is rendered for a known reader is cached nowhere.
    """
    request.is_of_known_reader = is_known  # type: ignore[attr-defined]


_told: list[Tell] = []
_knows: list[Callable[[HttpRequest], bool]] = []
_versions: list[Callable[[], int]] = []
_others: list[Callable[[HttpRequest], bool]] = []
_pause = Pause(AWAY_SECONDS)


@dataclass(frozen=True)
class Entry:
    """One page, ready to send in three encodings."""

    fresh_until: float
    headers: Mapping[str, str]
    etag: str
    plain: bytes
    gzip: bytes
    br: bytes
    read_as: PageName | None = None
    version: int = 0  # the number of stale_after() when it was rendered
    differs_by_reader: bool = False
    view: str = ""  # the name of the view that has rendered it

    @classmethod
    def of(cls, response: HttpResponse, version: int, view: str = "") -> Self:
        body = response.content
        headers = {
            name: value
            for name, value in response.items()
            if name not in ("Content-Length", "ETag", "Vary")
        }
        return cls(
            fresh_until=time.time() + FRESH_SECONDS,
            headers=headers,
            etag=hashlib.sha256(body).hexdigest()[:32],
            plain=body,
            gzip=gzip.compress(body, 1, mtime=0),
            br=brotli.compress(body, quality=3),
            read_as=getattr(response, "read_as", None),
            version=version,
            differs_by_reader=getattr(response, "differs_by_reader", False),
            view=view,
        )

    def is_for(self, request: HttpRequest) -> bool:
        """Whether this reader gets the page as everybody does."""
        return not (self.differs_by_reader and any(knows(request) for knows in _knows))

    @property
    def is_fresh(self) -> bool:
        # A moment far in the future was set by a clock that has been put back since.
        is_young = 0 < self.fresh_until - time.time() <= 2 * FRESH_SECONDS
        return is_young and self.version >= _version_now()

    @property
    def is_recent(self) -> bool:
        """Whether it may be sent while another request renders the next."""
        return time.time() - self.fresh_until <= RENEWED_SECONDS

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The response in the best encoding that the visitor takes, or 304."""
        body, headers = self.sent(request)
        known = request.META.get("HTTP_IF_NONE_MATCH", "")
        if known and _matches(headers["ETag"], known):
            kept = {name: headers[name] for name in _OF_304 if name in headers}
            response: HttpResponse = HttpResponseNotModified(headers=kept)
        else:
            response = HttpResponse(body, headers=headers)
        response.read_as = self.read_as  # type: ignore[attr-defined]
        response.view = self.view  # type: ignore[attr-defined]
        return response

    def sent(self, request: HttpRequest) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the 200 answer, in the best encoding."""
        encoding, body = self._encoded(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        headers = {
            **self.headers,
            "Content-Length": str(len(body)),
            "ETag": f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"',
            "Vary": "Accept-Encoding",
        }
        if encoding:
            headers["Content-Encoding"] = encoding
        return body, headers

    def _encoded(self, accepted):
        for encoding, body in (("br", self.br), ("gzip", self.gzip)):
            if _accepts(accepted, encoding):
                return encoding, body
        return "", self.plain


class CacheAway(Exception):
    """The cache does not answer. Pages take longer then, but stay right."""


class PageCacheMiddleware:
    """Answers GET and HEAD of public pages from the cache, and fills it.

    When an entry is no longer fresh, one request renders the next while the others get
    the old one, if it is recent. When rendering fails (5xx), it stays for five minutes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_be_cached(request):
            return self.get_response(request)
        try:
            response = self._answer(request)
        except CacheAway:
            response = self.get_response(request)
        if request.method == "GET" and response.status_code in (200, 304):
            _tell(getattr(response, "read_as", None), request)
        return response

    def _answer(self, request):
        key = _key(request)
        entry = _ask("get", key)
        if entry is None or not entry.is_fresh:
            entry = self._newest(key, entry)
        if entry is not None and not entry.is_for(request):
            response = self.get_response(request)
            return entry.answer(request) if response.status_code >= 500 else response
        if entry is not None and (
            entry.is_fresh
            or (
                not _ask("add", f"{key}:renewal", 1, FRESH_SECONDS)
                and (entry.is_recent or _ask("get", f"{key}:failing"))
            )
        ):
            return entry.answer(request)
        version, began = _version_now(), time.time()
        response = self.get_response(request)
        if _is_shareable(response):
            rendered = Entry.of(response, version, view_of(request, response))
            entry = machine_cache.keep(key, rendered, began)
            with suppress(CacheAway):
                is_changed = (_ask("get", f"{key}:changed") or 0) > began
                if entry is not None and not is_changed:
                    _ask("set", key, entry, FRESH_SECONDS + STALE_SECONDS)
                _ask("delete", f"{key}:renewal")
            return (entry or rendered).answer(request)
        if entry is not None and response.status_code >= 500:
            with suppress(CacheAway):
                _ask("set", f"{key}:failing", 1, RENEWED_SECONDS)
            return entry.answer(request)
        if entry is not None and not getattr(response, "is_public_page", False):
            machine_cache.delete(key)
            with suppress(CacheAway):  # withdrawn, moved: it must not come back
                _ask("delete", key)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def _newest(self, key, entry):
        """What another process has rendered meanwhile, or the entry of this one."""
        newest = machine_cache.get(key)
        if newest is None or not newest.is_fresh:
            return entry
        _ask("set", key, newest, FRESH_SECONDS + STALE_SECONDS)
        return newest


def view_of(request: HttpRequest, response: HttpResponse) -> str:
    """The name of the view that has written an answer, or "" if none has."""
    match = request.resolver_match
    return getattr(response, "view", "") or (match.view_name if match else "")


def fresh_page(
    request: HttpRequest,
) -> tuple[bytes, list[tuple[str, str]], str] | None:
    """Body and headers of a page that needs nothing more from Django, and its view."""
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known or request.method != "GET" or not _may_be_cached(request):
        return None
    if not is_ours(request):
        return None
    with suppress(CacheAway):
        entry = _ask("get", _key(request))
        if entry is not None and entry.is_fresh and entry.is_for(request):
            body, headers = entry.sent(request)
            _tell(entry.read_as, request)
            return body, list(headers.items()), entry.view
    return None


def forget(path: str) -> None:
    """Have a page rendered anew for its next reader, once the transaction commits.

    A cache of another process, or one in front of us, keeps it for FRESH_SECONDS.
    """
    transaction.on_commit(lambda: _forget(_key_of(path)))


def _forget(key):
    machine_cache.delete(key)
    with suppress(CacheAway):
        _ask("delete", key)
        _ask("set", f"{key}:changed", time.time(), CHANGED_SECONDS)


def _may_be_read_elsewhere(request):
    """Whether a replica may say what is on this page, for the next seconds.

    Nobody who has a cookie is told less than they know. What has just been changed is
    read where it was written, or the cache would keep what was there before.
    """
    if not replica.is_there() or request.META.get("HTTP_COOKIE"):
        return False
    with suppress(CacheAway):
        return _ask("get", f"{_key(request)}:changed") is None
    return True


def _version_now():
    return sum(version() for version in _versions)


def _tell(read_as, request):
    if read_as is not None:
        for tell in _told:
            tell(read_as, request.META)


def _ask(verb, *args):
    if _pause.is_on:
        raise CacheAway
    try:
        return getattr(cache, verb)(*args)
    except Exception as error:
        _pause.begin()
        logger.warning("The page cache does not answer: %s", error)
        raise CacheAway from None


def _may_be_cached(request):
    return (
        request.method in ("GET", "HEAD")
        and request.is_secure() == settings.SERVED_OVER_HTTPS
        and not (
            request.META.get("QUERY_STRING")
            and any(asks_for_another(request) for asks_for_another in _others)
        )
    )


def _key(request):
    return _key_of(request.path)


def _key_of(path):
    digest = hashlib.sha256(path.encode()).hexdigest()[:32]
    return f"page:{digest}"


def _is_shareable(response):
    """Whether a view called the answer public and nothing personal touched it."""
    if not getattr(response, "is_public_page", False) or response.streaming:
        return False
    if response.cookies or response.has_header("Vary"):
        patch_vary_headers(response, ["Cookie"])
        response["Cache-Control"] = "no-store"
        return False
    return True


def _accepts(header, encoding):
    """Whether an Accept-Encoding header names this encoding, and not with q=0."""
    for part in header.split(","):
        name, _, parameters = part.partition(";")
        if name.strip().lower() == encoding:
            quality = parameters.replace(" ", "").lower().removeprefix("q=")
            return not quality or quality.strip("0.") != ""
    return False


def _matches(etag, header):
    known = parse_etags(header)
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)
