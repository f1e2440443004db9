from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from branding.site import the_site
from letters.officials.answers import OfficialAnswer
from letters.receipt.follow_up import FollowUp
from letters.suggested.models import SuggestedLetter
from letters.suggested.start import Start
from letters.writing.composer import MOST_SHOWN, Composer
from letters.writing.forms import LetterForm
from letters.writing.models import Letter
from pages.fragments import cached_fragment, values_of
from supporters.my_page import browser

register = template.Library()
# Of a long list, only officials who have said something show, and at most so many.
MOST_ANSWERS = 200
# How many officials the page of what an action did names; the receipt names them all.
OFFICES_SHOWN = 8


@register.filter
def next_step(letter):
    """The follow-up that its writer may send, now or later."""
    return FollowUp(letter)


@register.simple_tag
def letter_of(campaign):
    """The campaign's suggested letter, or None; its `start` is read when asked for."""
    found = SuggestedLetter.objects.filter(campaign=campaign)
    letter = found.select_related("recipient_list").first()
    if letter is not None:
        letter.campaign = campaign
        letter.start = SimpleLazyObject(lambda: Start(letter))
    return letter


@register.simple_tag
def own_letter(letter, supporter):
    """The newest such letter that this supporter has confirmed, or None.

    Its first deliveries are `shown`, and `more` says how many others it has.
    """
    if not (letter and supporter):
        return None
    mine = Letter.objects.of_supporter(supporter).confirmed()
    mine = mine.filter(suggested_letter=letter, follow_of=None, is_thanks=False)
    found = mine.order_by("-confirmed_at").first()
    if found is not None:
        found.suggested_letter = letter
        deliveries = found.deliveries.select_related(
            "mail", "recipient__list"
        ).order_by("pk")
        found.more = max(0, deliveries.count() - OFFICES_SHOWN)
        found.shown = list(deliveries[:OFFICES_SHOWN])
        for delivery in found.shown:
            delivery.letter = found
    return found


@register.inclusion_tag("letters/_newest_answer.html")
def newest_answer(letter):
    """The newest answer of an official, as the page's first news; nothing before one.

    Its words are there if the official wrote them to us; else what staff noted of it.
    """
    if letter is None or not letter.shows_answers:
        return {}
    positions, said = _positions(letter.start)
    if not said:
        return {}
    newest = max(said, key=lambda position: (position.newest.day, position.newest.pk))
    answer = None
    if newest.newest.url:  # a published answer is its own source
        answers = OfficialAnswer.objects.shown().filter(letter=letter)
        answer = answers.filter(recipient=newest.recipient).first()
    return {
        "position": newest,
        "answer": answer,
        "said": len(said),
        "asked": len(positions),
    }


@register.inclusion_tag("letters/_to_come.html")
def to_come(letter):
    """When each body of officials meets next, and who of them has answered so far.

    A body is known by the name of its meetings.
    """
    if letter is None:
        return {}
    start = letter.start
    answers = _answers(start) if letter.shows_answers else []
    nearest = {}
    for meeting in start.meetings:
        nearest.setdefault(meeting.name, meeting)
    meetings = list(nearest.values())[:OFFICES_SHOWN]
    return {"meetings": meetings, "answers": answers, "site": the_site()}


@register.simple_tag
def letters_under_way(campaign):
    """How many letters wait for a moderator, for their writer, and for their turn."""
    letters = Letter.objects.filter(suggested_letter__campaign=campaign)
    leaving = letters.filter(deliveries__settled_at=None, deliveries__isnull=False)
    return {
        "held": letters.held().count(),
        "unconfirmed": letters.pending().filter(confirmation__denied_at=None).count(),
        "leaving": leaving.distinct().count(),
    }


@register.inclusion_tag("letters/_section.html", takes_context=True)
def letter_composer(context, letter, written=None):
    """The composer on the action page; the text once the campaign has ended.

    A known browser gets it filled in, and everybody else an empty one. `written` is the
    letter that a known reader has sent, or None.
    """
    request = context.get("request")
    supporter = request and browser.supporter_of(request)
    campaign = letter.campaign
    start = letter.start
    shown = {"campaign": campaign, "letter": letter, "written": written}
    shown |= {"answers": _answers(start), "site": the_site()}
    if campaign.is_open:
        composer = _known_composer(start, supporter) if supporter else None
        return {**shown, "ready_composer": composer or _empty_composer(start)}
    return {
        **shown,
        "composer": Composer(LetterForm(start)),
        "count": letter.sent_count(),
    }


def _positions(start):
    """Where all officials stand, and those of them who have said something."""
    positions = start.stances.of_officials(start.recipients)
    return positions, [position for position in positions if position.said]


def _answers(start):
    """Where each official stands, for everybody; nothing until one has answered."""
    positions, said = _positions(start)
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
    return {"meetings": shown, "slug": start.suggested.campaign.slug}


def _is_late_unchanged(letter, meeting):
    """Whether a letter without own words waits for others until it is too late."""
    if not letter.sends_together:
        return False
    leaves_at = letter.recipient_list.office_hours.next_mail_at(timezone.now())
    return not meeting.is_in_time_at(leaves_at)


def _known_composer(start, supporter):
    composer = Composer(LetterForm.for_known(start, supporter))
    return render_to_string("letters/_letter.html", {"composer": composer})


def _empty_composer(start):
    """The composer as everybody first gets it, for all that these rows say.

    Of the campaign it shows only the address. The campaign's row is not a part of the
    key, since its moments change with each look at a draft.
    """
    letter = start.suggested
    return cached_fragment(
        "letters/_letter.html",
        by=(
            the_site(),
            letter.campaign.slug,
            start.is_for_nobody,
            values_of(letter, letter.recipient_list, *letter.further_words.values()),
            values_of(*start.meant),
            values_of(*start.agreeing),
        ),
        made=lambda: {"composer": Composer(LetterForm(start))},
    )


@register.simple_tag
def letter_opening(campaigns):
    """The first paragraphs of the newest of these campaigns' letters, or None.

    They are what its page shows to somebody who has typed nothing yet: in their own
    language if the letter is translated, else in that in which it leaves.
    """
    told = {campaign.pk: campaign for campaign in campaigns}
    suggested = (
        SuggestedLetter.objects.filter(campaign__in=told)
        .select_related("recipient_list")
        .order_by("-campaign__opens_at")
        .first()
    )
    if suggested is None:
        return None
    suggested.campaign = told[suggested.campaign_id]
    form = LetterForm(Start(suggested))
    letter, words = Composer(form).letter, form.start.words
    if own := form.start.own:
        greeting = form.start.greeting_in(own)
        letter, words = form.filled_in(own, salutation=greeting), own
    parts = letter.paragraphs[:3]
    return {
        "campaign": suggested.campaign,
        "language": words.language,
        "paragraphs": ["".join(words for words, _own in part) for part in parts],
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
