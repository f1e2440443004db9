from django import template

from pages.fragments import cached_fragment
from safeguards.mailbox import Mailbox
from supporters.follow.models import Follow
from supporters.forms import FollowForm, FrequencyForm

register = template.Library()


@register.simple_tag
def follow_form(campaign=None):
    """The empty form, rendered once for its words; for all without a campaign."""
    return cached_fragment(
        "supporters/follows/_form.html",
        slug=campaign.slug if campaign else "",
        made=lambda: {"form": FollowForm(campaign=campaign)},
    )


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
def frequency_form(subscription):
    """The form for how often mails of a follow, or about comments, come."""
    return FrequencyForm(
        initial={"frequency": subscription.frequency},
        auto_id=f"{subscription._meta.model_name}-{subscription.pk}-%s",
    )
