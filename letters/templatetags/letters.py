from django import template

from letters import placeholders
from letters.composer import Composer
from letters.models import SuggestedLetter

register = template.Library()


@register.simple_tag
def letter_of(campaign):
    """The campaign's suggested letter, or None."""
    return (
        SuggestedLetter.objects.filter(campaign=campaign)
        .select_related("campaign", "recipient_list")
        .first()
    )


@register.inclusion_tag("letters/_section.html", takes_context=True)
def letter_composer(context, letter):
    """The letter on the action page: an empty composer; the text once it has ended."""
    return {
        "site": context["site"],
        "campaign": letter.campaign,
        "composer": Composer(letter),
        "count": letter.sent_count(),
    }


@register.simple_tag
def letter_opening(campaigns):
    """The first paragraphs of the first campaign's letter that has one."""
    suggested = (
        SuggestedLetter.objects.filter(campaign__in=list(campaigns))
        .select_related("campaign")
        .order_by("-campaign__opens_at")
        .first()
    )
    if suggested is None:
        return None
    parts = placeholders.fill(suggested.body)
    return {
        "campaign": suggested.campaign,
        "paragraphs": ["".join(words for words, _own in part) for part in parts[:3]],
    }


@register.simple_tag
def campaigns_with_letter(campaigns):
    """The keys of the campaigns that suggest a letter, in one query for the list."""
    return set(
        SuggestedLetter.objects.filter(campaign__in=list(campaigns)).values_list(
            "campaign_id", flat=True
        )
    )


@register.filter
def has_campaign(keys, campaign):
    return campaign.pk in keys
