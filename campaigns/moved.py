"""An address that a campaign had once leads to where the campaign is now.

So does one in the language that it had: mails keep the links that they were sent with.
"""

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import get_language

from campaigns.models.campaign import Campaign
from pages.page_cache import CACHE_CONTROL

# 410: some pages say "nothing here" for a key that is none of the campaign they name.
NOT_FOUND = (404, 410)


class FormerAddressesMiddleware:
    """Look for a former address once nothing was found: other pages pay nothing.

    Readers are led on for good. What is sent, by a form that was open or by a mail
    program's one-click button, is taken as if it had been sent to the new address:
    a redirect would lose it (RFC 9110, 15.4.2; RFC 8058, 3.1).
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
        arguments = {**match.kwargs, "slug": moved["slug"]}
        with translation.override(moved["language"]):
            if request.method in ("GET", "HEAD"):
                return lead_on(request, match.view_name, arguments) or response
            try:
                return match.func(request, *match.args, **arguments)
            except Http404:
                return response


def address_now(slug):
    """Slug and language of the campaign that was at this slug, in this language."""
    found = Campaign.objects.filter(
        former_slugs__slug=slug, former_slugs__language=get_language()
    )
    return found.values("slug", "language").first()


def lead_on(request, name, arguments):
    """To the same page of the campaign where it is now, kept as long as any page.

    Not longer: a campaign can take its old address back.
    """
    try:
        address = reverse(name, kwargs=arguments)
    except NoReverseMatch:
        return None
    if hasattr(request, "session"):
        del request.session  # as for any page that everybody shares
    if query := request.META.get("QUERY_STRING"):
        address += f"?{query}"
    headers = {"Cache-Control": CACHE_CONTROL}
    return HttpResponsePermanentRedirect(address, headers=headers)
