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
    translated_in,
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
    header = cached_fragment(
        "components/header.html",
        **site(request),
        here="".join(here),
        languages=languages_of(request),
        language=get_language(),
    )
    if key := key_of(request):
        header = mark_safe(header.replace(ANY_KEY, quote(key)))
    return header


@register.simple_tag(takes_context=True)
def site_footer(context):
    request = context.get("request")
    return cached_fragment(
        "components/footer.html", **site(None), is_translated=is_translated(request)
    )


@register.simple_tag(takes_context=True)
def canonical_url(context):
    """The address of this page; of one without texts in its language, the first one."""
    request = context["request"]
    here, first = get_language(), first_language(request)
    translated = _translated_pages(request)
    if translated and here not in translated and first in translated:
        return translated[first]
    return absolute(request.path)


def _translated_pages(request):
    """By language: the address of the same page, where it says all in this language.

    Nothing for a page that was mailed to somebody.
    """
    every = () if key_of(request) else languages_of(request)
    there = translated_in(request)
    return {
        one.code: absolute(one.path)
        for one in every
        if one.is_same_page and (there is None or one.code in there)
    }


@register.simple_tag(takes_context=True)
def language_links(context):
    """What machines read of a page's language, and of the same page in others."""
    request = context.get("request")
    links = _translated_pages(request)
    if len(links) < 2:
        links = {}
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
