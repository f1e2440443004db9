"""The top and the end of every page, rendered once since they are the same for all."""

from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from branding.site import site
from pages.addresses import absolute
from pages.fragments import cached_fragment
from pages.languages import (
    ANY_KEY,
    first_language,
    is_translated,
    key_of,
    languages_of,
    with_territory,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def site_header(context):
    request = context.get("request")
    here = [
        name
        for name in ("about", "privacy")
        if request is not None and request.path == reverse(name)
    ]
    return cached_fragment(
        "components/header.html", **site(request), here="".join(here)
    )


@register.simple_tag(takes_context=True)
def site_footer(context):
    request = context.get("request")
    footer = cached_fragment(
        "components/footer.html",
        **site(None),
        languages=languages_of(request),
        here=get_language(),
        is_translated=is_translated(request),
    )
    if key := key_of(request):
        footer = mark_safe(footer.replace(ANY_KEY, quote(key)))
    return footer


@register.simple_tag(takes_context=True)
def language_links(context):
    """What machines read of a page's language, and of the same page in others."""
    request = context.get("request")
    every = () if key_of(request) else languages_of(request)
    same = [one for one in every if one.is_same_page]
    links = {one.code: absolute(one.path) for one in same}
    # For readers of no other: the site's first language, or else the page's.
    for code in (settings.LANGUAGE_CODE, first_language(request)):
        if code in links:
            links.setdefault("x-default", links[code])
    return format_html(
        '<meta property="og:locale" content="{}">{}',
        with_territory(get_language()),
        format_html_join(
            "", '\n  <link rel="alternate" hreflang="{}" href="{}">', links.items()
        ),
    )
