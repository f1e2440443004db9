"""The cookies of this site, each declared once, for setting it and for its own page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise


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
    """A cookie of supporters or officials. No script reads it.

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
            signing.dumps(value, salt=self._salt),
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
            return signing.loads(cookie, salt=self._salt, max_age=max_age)
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def forget(self, response: HttpResponse) -> None:
        response.delete_cookie(self.name, samesite=self.samesite)

    @property
    def _salt(self) -> str:
        return f"pages.cookies {self.base_name}"


def all_cookies() -> list[Cookie]:
    """All cookies: those of supporters and officials first, then those of staff."""
    declared = Cookie.declared.values()
    return sorted(declared, key=lambda cookie: not isinstance(cookie, SignedCookie))
