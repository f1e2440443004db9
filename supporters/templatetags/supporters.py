from django import template
from django.conf import settings
from django.template.loader import render_to_string

from pages.fragments import cached_fragment
from safeguards.mailbox import Mailbox
from supporters.follow.models import Follow
from supporters.forms import FollowForm, FrequencyForm
from supporters.my_page import browser

register = template.Library()


@register.simple_tag(takes_context=True)
def follow_form(context, campaign=None):
    """The form for updates of a campaign, or of all; one button for a known browser.

    Everybody else gets the same empty form, rendered once for its words.
    """
    request = context.get("request")
    if supporter := request and browser.supporter_of(request):
        shown = {"slug": campaign.slug if campaign else "", "supporter": supporter}
        # “Not you?” leaves the page of what its owner did, which stays theirs.
        to = campaign.get_absolute_url() if campaign else request.path
        shown |= {"form": FollowForm(campaign=campaign), "to": to}
        return render_to_string("supporters/follows/_form.html", shown)
    return cached_fragment(
        "supporters/follows/_form.html",
        slug=campaign.slug if campaign else "",
        made=lambda: {"form": FollowForm(campaign=campaign)},
    )


@register.simple_tag(takes_context=True)
def known_reader(context):
    """The supporter for whom this browser is known, or None.

    A page that shows them anything is rendered for them alone (decision 10).
    """
    request = context.get("request")
    return request and browser.supporter_of(request)


@register.inclusion_tag("supporters/_remember.html", takes_context=True)
def offer_to_remember(context):
    """The offer to a browser that is known until it is closed: to be known longer."""
    request = context["request"]
    is_offered = browser.supporter_of(request) and not browser.is_own_device(request)
    return {"is_offered": is_offered, "to": request.path}


@register.inclusion_tag("supporters/_discarded.html")
def discarded():
    """What its owner reads of an act after "This was not me", instead of its state."""
    return {"days": settings.KEEP_UNCONFIRMED_DAYS}


@register.simple_tag
def webmail_of(email):
    """Name and address of the website on which mail to this address is read, or None.

    It depends on nothing but the domain, so a page with it stays the same for everybody
    who types the address.
    """
    return Mailbox(email).webmail


@register.simple_tag
def followers_of(campaign):
    """How many people hear of this campaign by mail, some only of its outcome."""
    return Follow.objects.active().filter(campaign=campaign).count()


@register.simple_tag
def frequency_form(follow):
    """The form for how often mails of a follow come."""
    frequency = {"frequency": follow.frequency}
    return FrequencyForm(initial=frequency, auto_id=f"follow-{follow.pk}-%s")
