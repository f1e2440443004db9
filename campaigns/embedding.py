"""Shows a campaign on other websites: the lines to copy, their script, and oEmbed.

What stands in the frames are pages of the apps above (pages/framed.py).
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation

from branding.site import the_site
from campaigns.published import published_campaign
from pages.errors import error_page
from pages.languages import of_path
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.same_origin import is_ours

_SCRIPT = settings.ROOT / "static/js/embed.js"
# The size of a frame of which nobody has said how large it may be.
WIDTH, HEIGHT = 640, 600


@public_page
@read_only
def page(request, slug):
    """Lines that somebody copies into their own website or newsletter."""
    context = {"campaign": published_campaign(slug), "height": HEIGHT}
    return render(request, "campaigns/embed.html", context)


@public_page
@read_only
def script(request):
    """The script for the page around a frame, at an address that never changes."""
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript")


@read_only
def oembed(request):
    """What another website shows in the place of a campaign's address (oembed.com).

    There is nothing in other formats than JSON. The 501 that oEmbed has for them would
    be a fault of ours in log, figures and alerts, for whoever asks for XML.
    """
    try:
        if request.GET.get("format", "json") != "json":
            raise Http404
        return JsonResponse(_found(request))
    except Http404:
        return error_page(request, 404)  # no slash at its end would make it better


def _found(request):
    path, language = _path_and_language(request)
    width = _at_most(request.GET.get("maxwidth"), WIDTH)
    height = _at_most(request.GET.get("maxheight"), HEIGHT)
    size = {"width": width, "height": height}
    with translation.override(language):
        campaign = _campaign_at(path)
        context = {"campaign": campaign, "site": the_site(), **size}
        html = render_to_string("campaigns/oembed.html", context).strip()
    if not html:
        raise Http404
    return {
        "version": "1.0",
        "type": "rich",
        "title": campaign.full_title,
        "provider_name": the_site().name,
        "provider_url": settings.SITE_URL,
        "html": html,
        **size,
    }


def _path_and_language(request):
    address = request.GET.get("url", "")
    if not is_ours(address, request):
        raise Http404
    path = urlsplit(address).path
    return path, of_path(path)


def _campaign_at(path):
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    if match.view_name != "campaigns:campaign":
        raise Http404
    return published_campaign(match.kwargs["slug"])


def _at_most(typed, usual):
    """A size that fits into what was typed, if that is a size."""
    if typed and typed.isascii() and typed.isdigit() and len(typed) < 6:
        return min(usual, max(1, int(typed)))
    return usual
