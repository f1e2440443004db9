from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from supporters.forms import FollowForm, FrequencyForm

register = template.Library()


@register.simple_tag
def follow_form(campaign=None):
    """The empty form, rendered once for its words; for all without a campaign."""
    return _empty_form(get_language(), campaign.slug if campaign else "")


@register.simple_tag
def frequency_form(subscription):
    """The form for how often mails of a follow, or about comments, come."""
    return FrequencyForm(
        initial={"frequency": subscription.frequency},
        auto_id=f"{subscription._meta.model_name}-{subscription.pk}-%s",
    )


@lru_cache(maxsize=256)
def _empty_form(language, slug):
    campaign = {"slug": slug} if slug else None
    context = {"campaign": campaign, "form": FollowForm(campaign=campaign)}
    return mark_safe(render_to_string("supporters/follows/_form.html", context))
