"""Leads from an address that a campaign had once to where the campaign is now.

The same goes for an address in a former language: mails keep the links that they were
sent with.
"""

from django.db.models import Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import get_language

from campaigns.models.address import (
    CampaignSlug,
    has_own_slug,
    known_slug,
    slug_in,
)
from campaigns.models.campaign import Campaign
from pages.page_cache import CACHE_CONTROL

# 410 as well: some pages answer "gone" for a key that is not of the named campaign.
NOT_FOUND = (404, 410)


class FormerAddressesMiddleware:
    """Looks for a former address once nothing was found: other pages pay nothing.

    Readers are redirected. What a form or a mail program's one-click button sends is
    taken as if it had been sent to the new address, since a redirect would lose it (RFC
    9110, 15.4.2; RFC 8058, 3.1).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code not in NOT_FOUND:
            return response
        match = request.resolver_match
        if match is None or "slug" not in match.kwargs:
            return response
        moved = address_now(match.kwargs["slug"])
        if moved is None:
            return response
        arguments = {**match.kwargs, "slug": known_slug(moved["slug"])}
        with translation.override(moved["language"]):
            if request.method in ("GET", "HEAD"):
                return lead_on(request, match.view_name, arguments) or response
            try:
                return match.func(request, *match.args, **arguments)
            except Http404:
                return response


def address_now(slug):
    """Where the campaign is now that was once at this slug and language; or None.

    By its first slug and a language: this one, if the campaign has texts in it. If it
    is at this address still, something else was not found there, and nothing leads on.
    """
    here = get_language()
    named = slug.paths.get(here, slug) if isinstance(slug, CampaignSlug) else slug
    places = Campaign.objects.values("slug", "language")
    was_here = Q(former_slugs__slug=named, former_slugs__language=here)
    # Mails about what was done in a language name the first slug once the texts in it
    # are withdrawn.
    had_texts_here = Q(slug=slug, former_slugs__language=here)
    found = places.filter(was_here).first() or places.filter(had_texts_here).first()
    # Its first slug leads to the one that its texts here have.
    if found is None and has_own_slug(here, slug):
        found = {"slug": str(slug), "language": here}
    elif found and has_own_slug(here, found["slug"]):
        found["language"] = here
    if found and (found["language"], slug_in(here, found["slug"])) == (here, named):
        return None
    return found


def lead_on(request, name, arguments):
    """A redirect to the same page at the campaign's present address.

    It is cached no longer than any page, since a campaign can take its old address
    back.
    """
    try:
        address = reverse(name, kwargs=arguments)
    except NoReverseMatch:
        return None
    if hasattr(request, "session"):
        del request.session  # as on every page that all share
    if query := request.META.get("QUERY_STRING"):
        address += f"?{query}"
    headers = {"Cache-Control": CACHE_CONTROL}
    return HttpResponsePermanentRedirect(address, headers=headers)
