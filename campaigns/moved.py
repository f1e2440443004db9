"""Leads from an address that a campaign had once to where the campaign is now.

The same goes for an address in a former language: mails keep the links that they were
sent with. And it goes for those of the site from which a campaign was brought here.
"""

from django.db.models import Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import get_language

from campaigns.gone import was_seen
from campaigns.models.address import (
    CampaignSlug,
    has_own_slug,
    known_slug,
    slug_in,
)
from campaigns.models.campaign import Campaign
from campaigns.models.old_address import OldAddress, old_query
from pages.page_cache import CACHE_CONTROL
from pages.problems import is_for_programs, readable_anywhere

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
        if request.path_info == "/" and old_query(request):
            return from_elsewhere(request) or self.get_response(request)
        response = self.get_response(request)
        if response.status_code not in NOT_FOUND:
            return response
        match = request.resolver_match
        named = match is not None and "slug" in match.kwargs
        moved = address_now(match.kwargs["slug"]) if named else None
        if moved is None:
            is_other = response.status_code == 404 and not (match and was_seen(match))
            return (is_other and from_elsewhere(request)) or response
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


def from_elsewhere(request):
    """A redirect from the address of another site's page to what came from there."""
    if request.method not in ("GET", "HEAD"):
        return None
    row, is_feed = OldAddress.objects.at(request.get_full_path())
    if row is None:
        return None
    here, update = row.campaign, row.update
    with translation.override(here.language):
        if is_feed:
            address = reverse("campaigns:feed", kwargs={"slug": here.slug})
        elif update is not None and update.is_published:
            kwargs = {"slug": here.slug, "pk": update.pk}
            address = reverse("campaigns:update", kwargs=kwargs)
        else:
            address = here.get_absolute_url()
    return _led(request, address)


def lead_on(request, name, arguments):
    """A redirect to the same page at the campaign's present address.

    It is cached no longer than any page, since a campaign can take its old address
    back.
    """
    try:
        address = reverse(name, kwargs=arguments)
    except NoReverseMatch:
        return None
    if query := request.META.get("QUERY_STRING"):
        address += f"?{query}"
    return _led(request, address)


def _led(request, address):
    if hasattr(request, "session"):
        del request.session  # as on every page that all share
    answer = HttpResponsePermanentRedirect(address)
    answer["Cache-Control"] = CACHE_CONTROL
    return readable_anywhere(request, answer) if is_for_programs(request) else answer
