"""The top and the end of every page, rendered once since they are the same for all."""

from django import template
from django.urls import reverse

from branding.site import site
from pages.fragments import cached_fragment

register = template.Library()


@register.simple_tag(takes_context=True)
def site_header(context):
    request = context.get("request")
    is_privacy = request is not None and request.path == reverse("privacy")
    return cached_fragment(
        "components/header.html", **site(request), is_privacy=is_privacy
    )


@register.simple_tag
def site_footer():
    return cached_fragment("components/footer.html", **site(None))
