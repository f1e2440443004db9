"""Leads from an address that a campaign had once to where the campaign is now.

The same goes for an address in a former language, of a campaign or of the site: mails
keep the links that they were sent with. And it goes for those of the site from which a
campaign was brought here.
"""

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import get_language

from campaigns.models.address import (
    CampaignSlug,
    has_own_slug,
    known_slug,
    slug_in,
)
from campaigns.models.campaign import Campaign
from campaigns.models.old_address import OldAddress, old_query
from campaigns.models.text import CampaignText
from campaigns.not_found import in_its_place, was_seen
from pages.languages import KEYS, former_prefix, of_path
from pages.page_cache import CACHE_CONTROL
from pages.problems import is_for_programs, readable_anywhere

# 410 as well: some pages answer "gone" for a key that is not of the named campaign.
NOT_FOUND = (404, 410)


class NotFoundMiddleware:
    """Looks for a former address, and then among what is gone, once nothing was found.

    Other pages pay nothing.

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
        if response.status_code in NOT_FOUND:
            response = self._led(request, response) or response
        if response.status_code in (404, 405):
            response = in_its_place(request, response)
        return response

    def _led(self, request, response):
        """What leads on from where this was not found; None if nothing does."""
        match = request.resolver_match
        named = match is not None and "slug" in match.kwargs
        if named and (moved := address_now(match.kwargs["slug"])):
            return self._now_at(address_of(match, moved), request)
        if response.status_code != 404 or (match and was_seen(match)):
            return None
        path = request.path_info
        there = without_former_prefix(path)
        # Programs type no address; small letters would make another cursor of theirs.
        if there is None and not is_for_programs(request):
            there = in_small_letters(path)
        return from_elsewhere(request) or self._now_at(there, request)

    def _now_at(self, address, request):
        """A redirect to this address, or its answer to what was sent to another one.

        None if nothing is there either.
        """
        if address is None:
            return None
        if request.method in ("GET", "HEAD"):
            return lead_on(request, address)
        request.path = request.path_info = address
        language = of_path(address)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        return None if response.status_code in NOT_FOUND else response


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
    # It was its address in each language in which it had no texts.
    was_anywhere = Q(former_slugs__slug=named)
    ways = (was_here, had_texts_here, was_anywhere)
    found = next(filter(None, (places.filter(way).first() for way in ways)), None)
    if found:
        found["language"] = here
    elif has_own_slug(here, slug):
        # Its first slug leads to the one that its texts here have.
        found = {"slug": str(slug), "language": here}
    elif here == settings.LANGUAGE_CODE:
        found = _before_another_was_first(named)
    if found and (found["language"], slug_in(here, found["slug"])) == (here, named):
        return None
    return found


def _before_another_was_first(slug):
    """Where the campaign is that had this address while another language was the first.

    The first one has no prefix, so that its addresses say nothing of their language.
    """
    shown = Campaign.objects.published()
    texts = CampaignText.objects.published().filter(slug=slug, campaign__in=shown)
    there = {text.language: text.campaign.slug for text in texts}
    for code, _name in settings.LANGUAGES:
        if code in there:
            return {"slug": there[code], "language": code}
    return None


def without_former_prefix(path):
    """The present address of a page that had one with this prefix once; or None."""
    code = former_prefix(path)
    if code == settings.LANGUAGE_CODE:
        return path.removeprefix(f"/{code}")
    if not code:
        return None
    with translation.override(code):
        try:
            match = resolve(path)
        except Resolver404:
            return None
        slug = match.kwargs.get("slug")
        place = {"slug": "", "language": settings.LANGUAGE_CODE}
        if slug is not None:
            place = _of_given_up(slug, code)
    return place and address_of(match, place)


def in_small_letters(path):
    """The address without its capitals, with which it is none; or None.

    A key in small letters would be another one, and none was mailed with capitals
    before it.
    """
    small = path.lower()
    with translation.override(of_path(small)):
        try:
            match = resolve(small)
        except Resolver404:
            return None
    return small if small != path and KEYS.isdisjoint(match.kwargs) else None


def _of_given_up(slug, language):
    """Where the campaign is now that had this address in a language given up since."""
    shown = Campaign.objects.published()
    texts = CampaignText.objects.published().filter(slug=slug, language=language)
    found = (
        shown.filter(texts__in=texts).first()
        or shown.filter(
            former_slugs__slug=slug, former_slugs__language=language
        ).first()
        or shown.filter(slug=slug).first()
    )
    return found and _in_language_of_site(found)


def _in_language_of_site(campaign):
    """The campaign in its first language, or else in one of the site's; or None."""
    texts = campaign.texts.published().values_list("language", flat=True)
    ours = [code for code, _name in settings.LANGUAGES]
    for code in (campaign.language, *texts):
        if code in ours:
            return {"slug": campaign.slug, "language": code}
    return None


def address_of(match, place):
    """The same page at another place of its campaign; None if it has no address."""
    arguments = dict(match.kwargs)
    if "slug" in arguments:
        arguments["slug"] = known_slug(place["slug"])
    with translation.override(place["language"]):
        try:
            return reverse(match.view_name, kwargs=arguments)
        except NoReverseMatch:
            return None


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


def lead_on(request, address):
    """A redirect to the same page at its present address, with what was asked of it.

    It is cached no longer than any page, since a campaign can take its old address
    back, and a site its language.
    """
    if query := request.META.get("QUERY_STRING"):
        address += f"?{query}"
    return _led(request, address)


def _led(request, address):
    if hasattr(request, "session"):
        del request.session  # as on every page that all share
    answer = HttpResponsePermanentRedirect(address)
    answer["Cache-Control"] = CACHE_CONTROL
    return readable_anywhere(request, answer) if is_for_programs(request) else answer
