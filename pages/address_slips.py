"""Slips in the domain of an address: "gmial.com" where gmail.com was meant."""

from difflib import get_close_matches
from functools import lru_cache

# Domains that many people have: one that is nearly the same is probably a slip.
_COMMON = (
    "gmail.com", "googlemail.com", "yahoo.com", "hotmail.com", "outlook.com",
    "icloud.com", "aol.com", "proton.me", "protonmail.com", "naver.com", "hanmail.net",
    "daum.net", "comcast.net", "verizon.net", "web.de", "t-online.de", "orange.fr",
    "wanadoo.fr", "libero.it", "yandex.ru", "yahoo.co.uk", "hotmail.co.uk",
    "btinternet.com", "gmx.de", "gmx.net", "live.com",
)  # fmt: skip
# Real domains that are nearly the same as one of these.
_REAL = {
    "mail.com", "email.com", "ymail.com", "rocketmail.com", "gmx.com", "gmx.at",
    "gmx.ch", "gmx.fr", "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es",
    "hotmail.ca", "outlook.fr", "outlook.de", "outlook.es", "outlook.it", "outlook.kr",
    "yahoo.ca", "yahoo.fr", "yahoo.de", "yahoo.it", "yahoo.es", "yahoo.in",
    "yahoo.co.jp", "yahoo.co.in", "yahoo.co.kr", "yahoo.com.br", "yahoo.com.au",
    "live.co.uk", "live.fr", "live.de", "live.nl", "live.it", "live.ca", "love.com",
    "aim.com", "yandex.com",
    "yandex.ua", "yandex.kz", "naver.net", "hanmail.com", "pm.me", "protonmail.ch",
    "fmail.com", "nate.com", "online.de", "orange.com", "me.com", "mac.com",
}  # fmt: skip
_ALIKE = 0.85  # the ratio of difflib: one letter or two swapped in nine


@lru_cache(maxsize=1000)
def _meant(domain):
    if domain in _REAL or domain in _COMMON:
        return ""
    return next(iter(get_close_matches(domain, _COMMON, n=1, cutoff=_ALIKE)), "")


def probably_meant(address: str) -> str:
    """The address without the slip that its domain seems to contain; else ""."""
    local, _at, domain = address.rpartition("@")
    # The longest common domain has 14 letters, so a much longer one is near to none.
    meant = _meant(domain.lower()) if local and len(domain) <= 20 else ""
    return f"{local}@{meant}" if meant else ""
