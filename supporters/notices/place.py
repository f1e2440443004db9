"""Where on this site the content of a notice stands, from a pasted address."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from campaigns.models import Campaign
from campaigns.models.address import slug_here
from campaigns.redirects import address_now
from pages.languages import of_path

MOST_LETTERS = 500
# What a page of ours may call a part of itself.
_MARK = re.compile(r"[A-Za-z0-9_-]+")
# Pages that only one person can open have one of these in their address.
_OF_ONE_PERSON = ("key", "token")


class NotOfThisSite(Exception):
    """The address leads nowhere on this site."""


class OfOnePerson(Exception):
    """Only one person can open the address, so it shows nothing to others."""


@dataclass(frozen=True)
class Place:
    """A public page of this site, and the mark in it that the address names, if any."""

    path: str
    mark: str
    language: str
    view: str
    arguments: dict[str, Any]

    def __str__(self):
        return self.path + (f"#{self.mark}" if self.mark else "")


def hosts_of(host):
    """The names of this site: its own, and the one by which a request came."""
    return {urlsplit(settings.SITE_URL).netloc.lower(), host.lower()}


def place_of(address, hosts):
    """The place that an address names; `hosts` are the names of this site.

    What follows a question mark is left out, and so is a mark that no page has: the
    place outlives all else that was typed. Raises NotOfThisSite and OfOnePerson.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        raise NotOfThisSite from None
    is_ours = parts.netloc.lower() in hosts and parts.scheme in ("http", "https")
    if not (is_ours or (not parts.netloc and not parts.scheme)):
        raise NotOfThisSite
    language = of_path(parts.path)
    with translation.override(language):
        try:
            match = resolve(parts.path)
        except Resolver404:
            raise NotOfThisSite from None
    if parts.path.startswith("/admin/") or not match.view_name:
        raise NotOfThisSite
    if any(name in match.kwargs for name in _OF_ONE_PERSON):
        raise OfOnePerson
    mark = parts.fragment if _MARK.fullmatch(parts.fragment) else ""
    found = Place(parts.path, mark, language, match.view_name, match.kwargs)
    if len(str(found)) > MOST_LETTERS:
        raise NotOfThisSite
    return found


def campaign_at(place):
    """The campaign whose page it is, also by an address that it had once; or None."""
    slug = place.arguments.get("slug")
    if slug is None:
        return None
    campaigns = Campaign.objects.not_deleted()
    found = campaigns.filter(slug=slug_here(slug, place.language)).first()
    if found is None:
        with translation.override(place.language):
            now = address_now(slug)
        found = campaigns.filter(slug=now["slug"]).first() if now else None
    return found


def tell_of(notice, place):
    """Let the app whose content it is put the notice where it is decided.

    `noticed()` of an app says whether it did; then the mark is part of the content.
    """
    configs = (each for each in apps.get_app_configs() if hasattr(each, "noticed"))
    if any(config.noticed(notice, place) for config in configs):
        notice.content = str(place)
        notice.save(update_fields=["content"])


def desk_of(notice):
    """The page of the desk on which an app lets staff decide about it, or ""."""
    for config in apps.get_app_configs():
        if hasattr(config, "desk_of_notice") and (
            page := config.desk_of_notice(notice)
        ):
            return page
    return ""
