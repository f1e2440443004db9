from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from branding.site import the_site
from letters.receipt.follow_up import FollowUp
from letters.suggested import placeholders
from letters.suggested.models import SuggestedLetter
from letters.suggested.start import Start
from letters.writing.composer import MOST_SHOWN, Composer
from letters.writing.forms import LetterForm

register = template.Library()
# Of a long list, only officials who have said something show, and at most so many.
MOST_ANSWERS = 200


@register.filter
def next_step(letter):
    """The follow-up that its writer may send, now or later."""
    return FollowUp(letter)


@register.simple_tag
def letter_of(campaign):
    """The campaign's suggested letter, or None; its `start` is read when asked for."""
    letter = (
        SuggestedLetter.objects.filter(campaign=campaign)
        .select_related("recipient_list")
        .first()
    )
    if letter is not None:
        letter.campaign = campaign
        letter.start = SimpleLazyObject(lambda: Start(letter))
    return letter


@register.inclusion_tag("letters/_section.html")
def letter_composer(letter):
    """An empty composer on the action page; the text once the campaign has ended."""
    campaign = letter.campaign
    start = letter.start
    context = {"campaign": campaign, "letter": letter, "answers": _answers(start)}
    if campaign.is_open:
        return {**context, "empty_composer": _Empty(letter, start).html()}
    return {
        **context,
        "composer": Composer(LetterForm(start)),
        "count": letter.sent_count(),
    }


def _answers(start):
    """Where each official stands, for everybody; nothing until one has answered."""
    positions = start.stances.of_officials(start.recipients)
    said = [position for position in positions if position.said]
    if said and len(positions) <= MOST_SHOWN:
        return positions
    return said[:MOST_ANSWERS]


@register.inclusion_tag("letters/_meetings.html")
def meetings_of(start):
    """When they meet about it, and whether a letter sent now is in time."""
    shown = []
    for meeting in start.meetings:
        shown.append(meeting)
        if meeting.is_in_time:
            # The meetings before it are those for which it is too late to write.
            meeting.is_late_unchanged = _is_late_unchanged(start.suggested, meeting)
            break
    return {"meetings": shown}


def _is_late_unchanged(letter, meeting):
    """Whether a letter without own words waits for others until it is too late."""
    office = letter.recipient_list
    return office.sends_together and not meeting.is_in_time_at(
        office.next_cosigned_at()
    )


class _Empty:
    """An empty composer, equal to another one that shows the same.

    A dozen fields cost more than all else on the action page, so their HTML is cached
    by everything that the template reads of the letter and its recipients.
    """

    def __init__(self, letter, start):
        self.letter = letter
        self.start = start
        self.key = (
            get_language(),
            letter.campaign.slug,
            tuple(
                (
                    *(r.pk, r.label, r.email, r.greeting, r.is_record),
                    *(r.is_reachable, r.complained_at is None, r.rhythm),
                )
                for r in start.meant
            ),
            tuple((r.pk, r.name, r.label) for r in start.agreeing),
            start.is_for_nobody,
            letter.has_thanks,
            letter.recipient_list.addressed_as,
            letter.recipient_list.cosigned,
            letter.mode,
            letter.ask,
            start.draft,
            the_site().name,
            the_site().contact_email,
        )

    def __eq__(self, other):
        return self.key == other.key

    def __hash__(self):
        return hash(self.key)

    @lru_cache(maxsize=256)  # noqa: B019  by what it shows, not by who asks
    def html(self):
        composer = Composer(LetterForm(self.start))
        context = {"composer": composer, "campaign": composer.campaign}
        return mark_safe(render_to_string("letters/_letter.html", context))


@register.simple_tag
def letter_opening(campaigns):
    """The first paragraphs of the first of these campaigns' letters that has any."""
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
