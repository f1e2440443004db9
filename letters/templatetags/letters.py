from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from letters import placeholders
from letters.composer import Composer, read_start
from letters.models import Meeting, SuggestedLetter

register = template.Library()


@register.simple_tag
def letter_of(campaign):
    """The campaign's suggested letter, or None."""
    letter = (
        SuggestedLetter.objects.filter(campaign=campaign)
        .select_related("recipient_list")
        .first()
    )
    if letter is not None:
        letter.campaign = campaign
    return letter


@register.inclusion_tag("letters/_section.html")
def letter_composer(letter):
    """The letter on the action page: an empty composer; the text once it has ended."""
    campaign = letter.campaign
    if campaign.is_open:
        return {
            "campaign": campaign,
            "letter": letter,
            "empty_composer": _Empty(letter).html(),
        }
    return {
        "campaign": campaign,
        "composer": Composer(letter),
        "count": letter.sent_count(),
    }


@register.inclusion_tag("letters/_meetings.html")
def meetings_of(letter):
    """When they meet about it, and whether a letter sent now is in time."""
    shown = []
    for meeting in Meeting.objects.to_come(letter):
        shown.append(meeting)
        if meeting.is_in_time:
            break  # before it stand those for which it is too late to write
    return {"meetings": shown}


class _Empty:
    """An empty composer, equal to another one that shows the same.

    A dozen fields cost more than all else of the action page, so their HTML is kept
    for everything that the template reads of the letter and its recipients.
    """

    def __init__(self, letter):
        self.letter = letter
        self.start = recipients, draft = read_start(letter)
        self.key = (
            get_language(),
            letter.campaign.slug,
            tuple(
                (r.pk, r.label, r.email, r.greeting, r.is_record, r.is_reachable)
                for r in recipients
            ),
            letter.recipient_list.addressed_as,
            letter.mode,
            letter.ask,
            draft,
        )

    def __eq__(self, other):
        return self.key == other.key

    def __hash__(self):
        return hash(self.key)

    @lru_cache(maxsize=256)  # noqa: B019  by what it shows, not by who asks
    def html(self):
        composer = Composer(self.letter, start=self.start)
        context = {"composer": composer, "campaign": composer.campaign}
        return mark_safe(render_to_string("letters/_composer.html", context))


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
