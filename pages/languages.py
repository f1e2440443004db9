"""Takes the language from the address alone, so that a page needs no Vary.

A page names the other languages of the site: by a row of links, and for search engines.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import get_timezone_location
from babel.lists import format_list
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import translate_url
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# The language in which the site's own words are written (decision 60).
SOURCE = "en"
# The arguments of addresses that open something for who was mailed them.
KEYS = frozenset(("key", "token"))
# Stands for a key in what is kept for other requests, too.
ANY_KEY = "any-key"


class LanguageMiddleware:
    """Activates the language of the path's prefix, or else the first language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = of_path(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def of_path(path: str) -> str:
    """The language of the site in which an address is.

    A prefix in capitals is none, so that each page has one address.
    """
    found = translation.get_language_from_path(path)
    return found.lower() if found else settings.LANGUAGE_CODE


def speak(request: HttpRequest, language: str) -> None:
    """Answer this request of staff in a language that its address does not say."""
    translation.activate(language)
    request.LANGUAGE_CODE = language


class InLanguages(str):
    """A part of an address that names a thing with pages in some of our languages."""

    # The first of them, in which it was written.
    language: str

    # By language: how its address names it there.
    paths: dict[str, str]

    # Those in which it has texts; in the others its page says those of the first.
    translated: set[str]


@dataclass(frozen=True)
class OtherLanguage:
    """A link from a page to the site in a language, the page's own one included."""

    code: str
    name: str
    path: str
    # Whether it leads to the same page, and not to the first page of the language. If
    # that was mailed to somebody, ANY_KEY stands in the place of the key.
    is_same_page: bool
    # A sentence in this language that offers it. There is none on a page whose address
    # has a key: nobody is led away from what they were mailed.
    offer: str


def languages_of(request: HttpRequest | None) -> tuple[OtherLanguage, ...]:
    """The languages in which somebody can read on from this page; () if it is one.

    Pages of the site itself stand in all of them, those of a campaign in those that it
    has texts in. Those with texts of the group do not. What somebody was mailed is the
    same in another language, with its key; it leads nobody to where it is not.
    """
    codes = tuple(code for code, _name in settings.LANGUAGES)
    if len(codes) < 2:
        return ()
    match = request and request.resolver_match
    path, stands_in, has_key = "", codes, False
    if request and match:
        named = [
            part
            for name, part in match.kwargs.items()
            if name not in KEYS and not isinstance(part, int)
        ]
        has_key = not KEYS.isdisjoint(match.kwargs)
        if all(isinstance(part, InLanguages) for part in named):
            key = key_of(request)
            path = request.path.replace(key, ANY_KEY) if key else request.path
        # Also how it is named there, which may change.
        stands_in = tuple(pair for part in named[:1] for pair in _pairs(part)) or codes
    here = translation.get_language()
    return _languages(path, here, codes, stands_in, has_key)


def key_of(request: HttpRequest | None) -> str:
    """The key in the address of this request, by which somebody was mailed; or ""."""
    match = request and request.resolver_match
    found = match.kwargs if match else {}
    return next((found[name] for name in KEYS if name in found), "")


def is_translated(request: HttpRequest | None) -> bool:
    """Whether somebody has translated a page, or a part of it: the site's own words
    into another language than English, or the thing that it shows."""
    here = translation.get_language()
    return here != SOURCE or first_language(request) not in ("", here)


def first_language(request: HttpRequest | None) -> str:
    """In which the thing that a page shows was written; empty for pages of the site."""
    match = request and request.resolver_match
    named = match.kwargs.values() if match else ()
    return next((p.language for p in named if isinstance(p, InLanguages)), "")


def translated_in(request: HttpRequest | None) -> set[str] | None:
    """The languages in which the thing that a page shows has texts; None for pages of
    the site, which have them in all."""
    match = request and request.resolver_match
    named = match.kwargs.values() if match else ()
    return next((p.translated for p in named if isinstance(p, InLanguages)), None)


def _pairs(part):
    return part.paths.items() if isinstance(part, InLanguages) else ()


@lru_cache(maxsize=500)
def _languages(path, language, codes, stands_in, has_key):
    there = dict(stands_in) if stands_in != codes else dict.fromkeys(codes)
    found = [
        _in(code, path if code in there else "", language, has_key) for code in codes
    ]
    if has_key:
        found = [one for one in found if one.is_same_page]
    return tuple(found) if len(found) > 1 else ()


def _in(code, path, language, has_key):
    there = translate_url(path, code) if path else ""
    is_same_page = bool(path) and (there != path or code == language)
    with translation.override(code):
        return OtherLanguage(
            code,
            own_name(code),
            there if is_same_page else home(),
            is_same_page,
            # Translators: an offer to readers whose browser prefers your language. Name
            # your language in the place of English.
            "" if has_key else _("Read this site in English"),
        )


def home(language: str = "") -> str:
    """The path of the first page in a language, or else in the present one."""
    language = language or translation.get_language()
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def languages_of_desk() -> tuple[str, ...]:
    """Those that staff can choose for their pages: the first, and all that are whole.

    The first is that of whoever has chosen none. English is the language of the source.
    """
    whole = {settings.LANGUAGE_CODE, SOURCE, *_translated("desk")}
    return tuple(code for code, _name in settings.LANGUAGES if code in whole)


def possible_prefixes() -> set[str]:
    """The languages that a site can have in its addresses, now or another day."""
    return {SOURCE, *_translated("public")}


def former_prefix(path: str) -> str:
    """The language with which an address begins in which no address begins now.

    It may have been so once: the first language of the site has no prefix, and another
    one may have been given up. Empty if there is none.
    """
    code = path[1:].partition("/")[0]
    now = {code for code, _name in settings.LANGUAGES[1:]}
    return code if code in possible_prefixes() - now else ""


@lru_cache
def _translated(component):
    [home] = [
        path for path in map(Path, settings.LOCALE_PATHS) if path.name == component
    ]
    return {
        translation.to_language(path.name) for path in home.iterdir() if path.is_dir()
    }


def own_name(code: str) -> str:
    """What a language calls itself, as the first word of a line."""
    if name := dict(settings.LANGUAGES).get(code):
        return name
    return capfirst(translation.get_language_info(code)["name_local"])


def name_in(code: str, language: str | None = None) -> str:
    """What a language is called in another one, usually the present one: “Korean”.

    As it stands within a sentence there.
    """
    there = _rules_of(language or translation.get_language())
    return there.languages.get(code.partition("-")[0], code)


def code_of(typed: str) -> str:
    """The code of a language that is typed as “ko”, “pt_BR”, “Korean” or “한국어”.

    What is none of ours stays as it was typed.
    """
    wanted = typed.strip().casefold().replace("_", "-")
    for code, _name in settings.LANGUAGES:
        info = translation.get_language_info(code)
        known = (code, info["name"], info["name_local"], name_in(code))
        if wanted in [word.casefold() for word in known]:
            return code
    for code, _name in settings.LANGUAGES:
        if wanted.partition("-")[0] in (code, code.partition("-")[0]):
            return code
    return typed.strip()


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, as the present language lists them: “Ana, Bo and Cy”."""
    return format_list(list(names), locale=_rules_of(translation.get_language()))


def city_of(zone: str) -> str:
    """The city after which clocks are named, in the present language: 로마."""
    return _city(zone, translation.get_language())


@lru_cache(maxsize=500)
def _city(zone, language):
    return get_timezone_location(zone, locale=_rules_of(language), return_city=True)


@lru_cache
def _rules_of(language):
    # Our English puts no comma before its “and”, as that of Great Britain.
    language = "en-gb" if language == "en" else language
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:
        return Locale.parse(language.partition("-")[0])


@lru_cache
def with_territory(code: str) -> str:
    """A language with where most people speak it, as Open Graph wants: ko_KR for ko."""
    language, _dash, territory = code.partition("-")
    if not territory:
        likely = get_global("likely_subtags").get(language, language)
        territory = likely.rpartition("_")[2]
    return f"{language}_{territory.upper()}"
