"""What a campaign lacks before it can be published, and what would improve it.

Only what is missing or wrong stops a publication. What may be a mistake is asked about
once, and what would only be good to have stops nothing.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaign_editor.beginnings import gaps_in
from campaign_editor.sentences import sentences_in
from campaigns.models import Campaign
from campaigns.models.campaigns import event_is_over, last_day_of_event
from letters.suggested import placeholders
from pages.languages import listed, name_in

# What people read of a campaign on its page.
_READ = (
    *("title", "title_ask", "summary", "happening", "wrong", "asked", "story"),
    *("reading_title", "call_for_action", "share_text", "thanks_text", "event_name"),
    *("picture_alt", "picture_credit"),
)


@dataclass(frozen=True)
class Item:
    """One thing to do: its words, and the field of the form to go to."""

    words: str
    field: str
    is_done: bool = False

    @property
    def address(self):
        return f"#id_{self.field}"


@dataclass(frozen=True)
class Checklist:
    needed: list
    recommended: list
    # What may be a mistake; only a person can say.
    doubts: list

    @property
    def missing(self):
        return [item for item in self.needed if not item.is_done]

    @property
    def improvable(self):
        """What would be good to have, and is not there."""
        return [item for item in self.recommended if not item.is_done]

    @property
    def is_complete(self):
        return not self.missing


def checklist(campaign, petition, letter):
    """What is to be done: read from what is stored, so the same everywhere."""
    needed = [
        Item(_("A title"), "title", bool(campaign.title)),
        Item(_("The ask in one sentence"), "summary", bool(campaign.summary)),
        Item(_("The story"), "story", bool(campaign.story)),
        Item(
            _("Something to do: a petition or a letter"),
            "petition-ask",
            bool(petition or letter),
        ),
        *_of_petition(petition),
        *_of_letter(letter),
        *_of_dates(campaign),
        *_of_gaps(campaign, petition, letter),
    ]
    doubts = list(_doubts(campaign, petition, letter))
    return Checklist(needed, _recommended(campaign, letter), doubts)


# In a text that strangers read, brackets are mostly words that somebody forgot.
_BRACKETS = re.compile(r"\[(?!picture \d)[^][]+\]", re.IGNORECASE)


def _doubts(campaign, petition, letter):
    if event_is_over(campaign):
        day = date_format(last_day_of_event(campaign), "DATE_FORMAT")
        yield Item(_("The event is in the past: %s") % day, "event_starts")
    body = letter.body if letter else ""
    before, own, _after = body.partition(placeholders.OWN_WORDS)
    if own and placeholders.NAME_AND_PLACE in before:
        words = _("The writer’s own words stand below their name")
        yield Item(words, "letter-body")
    for name, label, text in _texts(campaign, petition):
        found = dict.fromkeys(_BRACKETS.findall(strip_tags(text)))
        asked = set(gaps_in(text)) | set(placeholders.ALL)
        if left := [words for words in found if words not in asked]:
            words = _("%(what)s has words in brackets: %(words)s")
            yield Item(words % {"what": label, "words": listed(left)}, name)


def _texts(campaign, petition):
    """What people read on the page: its field, the label of that, and the words."""
    for name in _READ:
        label = Campaign._meta.get_field(name).verbose_name
        yield name, capfirst(label), str(getattr(campaign, name) or "")
    if petition:
        yield "petition-ask", _("The sentence that people sign"), petition.ask


def _of_dates(campaign):
    ends = campaign.closes_at
    if ends and ends <= timezone.now() and not campaign.is_published:
        yield Item(_("A closing day in the future"), "closes")


def _of_petition(petition):
    if petition is not None and not petition.ask:
        yield Item(_("The sentence that people sign"), "petition-ask")


def _of_letter(letter):
    if letter is None:
        return
    yield Item(_("A subject for the letter"), "letter-subject", bool(letter.subject))
    if not letter.body:
        words = _("The text of the letter, with its placeholders")
        yield Item(words, "letter-body")
    elif not gaps_in(letter.body) and (fault := _fault_of(letter)):
        words = _("%(what)s: %(why)s") % {"what": _("Letter"), "why": fault}
        yield Item(words, "letter-body")
    recipients = letter.recipient_list
    has_people = recipients.recipients.reachable().exists()
    words = _("At least one recipient who can be reached")
    yield Item(words, "letter-lines", has_people)
    if has_people:
        words = _("How the letter names its recipients")
        yield Item(words, "letter-addressed_as", bool(recipients.addressed_as))


def _fault_of(letter):
    """Why the letter cannot be filled in, or ""."""
    try:
        letter.clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _of_gaps(campaign, petition, letter):
    """What a template left to be filled in."""
    texts = [*_texts(campaign, petition)]
    if letter:
        named = letter.recipient_list.addressed_as
        texts += [
            ("letter-body", _("Letter"), letter.body),
            ("letter-addressed_as", _("How the letter names them all"), named),
        ]
    for name, label, text in texts:
        if gaps := gaps_in(text):
            words = _("%(what)s: Replace %(gaps)s.")
            yield Item(words % {"what": label, "gaps": listed(gaps)}, name)


def wrong_in(form):
    """What is wrong with a form that was sent, as its fields say it."""
    for name, errors in form.errors.items():
        if name in form.fields:
            why = " ".join(dict.fromkeys(errors))
            words = _("%(what)s: %(why)s")
            label = capfirst(form.fields[name].label)
            yield Item(words % {"what": label, "why": why}, form.add_prefix(name))


def _recommended(campaign, letter):
    reading = campaign.pk is not None and campaign.readings.exists()
    closes = campaign.closes_at is not None
    found = [
        Item(
            _("A second line of the title, for when people share the page"),
            "title_ask",
            bool(campaign.title_ask),
        ),
        Item(_("A picture"), "new_picture", bool(campaign.picture)),
        Item(_("Background reading"), "reading-0-title", reading),
    ]
    if letter is not None:
        words = _("A call for action above the letter")
        called = bool(campaign.call_for_action)
        found.append(Item(words, "call_for_action", called))
        words = _("A test email of the letter to yourself")
        found.append(Item(words, "test", letter.is_tested))
        found += _of_languages(campaign, letter)
    found.append(Item(_("The closing day"), "closes", closes))
    if len(sentences_in(campaign.summary)) > 1:
        words = _("The ask in one sentence: now it is more than one")
        found.insert(0, Item(words, "summary"))
    return found


def _of_languages(campaign, letter):
    """The letter in each language in which its campaign has texts; readers miss it."""
    if len(settings.LANGUAGES) < 2:
        return
    written = set(letter.texts.values_list("language", flat=True))
    for code in campaign.texts.order_by("language").values_list("language", flat=True):
        if code != campaign.language:
            words = _("The letter in %(language)s: the page has texts in it")
            words %= {"language": name_in(code)}
            yield Item(words, "letter-body", code in written)
