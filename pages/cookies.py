"""The cookies of this site, each declared once, for setting it and for its own page."""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import ClassVar, Literal

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from database.keyed_hashes import keyed_hash


@dataclass(frozen=True)
class Cookie:
    """A cookie, as the page about cookies shows it. To declare it is enough."""

    base_name: str
    who: str | Promise
    words: str | Promise
    lasts: str | Promise
    declared: ClassVar[dict[str, "Cookie"]] = {}

    def __post_init__(self) -> None:
        self.declared[self.base_name] = self

    @property
    def name(self) -> str:
        # With this prefix, browsers refuse a cookie set by a sibling domain (RFC
        # 6265bis).
        return (
            f"__Host-{self.base_name}" if settings.SERVED_OVER_HTTPS else self.base_name
        )


@dataclass(frozen=True)
class SignedCookie(Cookie):
    """A cookie of supporters or officials. No script reads it, and nobody but us.

    It holds keys of rows, which count up: they would tell how many the site has.

    The browser sends it only with requests that come from our own pages; with "Lax",
    also when somebody opens a link to us.
    """

    samesite: Literal["Strict", "Lax"] = "Strict"

    def remember(
        self,
        response: HttpResponse,
        value: int | list[int],
        max_age: timedelta | None = None,
    ) -> None:
        """Keep a value in this browser until it is closed, or for `max_age`."""
        response.set_cookie(
            self.name,
            self._box.encrypt(json.dumps(value).encode()).decode().rstrip("="),
            max_age=max_age,
            secure=settings.SERVED_OVER_HTTPS,
            httponly=True,
            samesite=self.samesite,
        )

    def value_in(self, request: HttpRequest, max_age: timedelta) -> object:
        """The value that was kept, or None: not ours, changed, or too old."""
        cookie = request.COOKIES.get(self.name)
        if not cookie:
            return None
        try:
            seconds = int(max_age.total_seconds())
            return json.loads(self._box.decrypt(f"{cookie}==".encode(), seconds))
        except (InvalidToken, ValueError):
            return None

    def forget(self, response: HttpResponse) -> None:
        response.delete_cookie(self.name, samesite=self.samesite)

    @property
    def _box(self) -> MultiFernet:
        secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return _box(f"pages.cookies {self.base_name}", secrets)


@lru_cache(maxsize=10)
def _box(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    keys = [keyed_hash(purpose, "", key=secret) for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def all_cookies() -> list[Cookie]:
    """All cookies: those of supporters and officials first, then those of staff."""
    declared = Cookie.declared.values()
    return sorted(declared, key=lambda cookie: not isinstance(cookie, SignedCookie))
