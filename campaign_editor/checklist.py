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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign_editor.beginnings import gaps_in
from campaign_editor.sentences import sentences_in
from campaigns.models.campaigns import event_is_over, last_day_of_event
from letters.suggested import placeholders
from pages.languages import listed, name_in


@dataclass(frozen=True)
class Item:
    """One thing to do: its words, its section, and the field to go to.

    Without a field, it leads to the section.
    """

    words: str
    section: str
    field: str
    is_done: bool = False

    @property
    def address(self):
        return f"#id_{self.field}" if self.field else f"#{self.section}"


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

    def missing_in(self, section):
        return sum(item.section == section for item in self.missing)

    @property
    def is_complete(self):
        return not self.missing


def checklist(campaign, petition, letter, wrong):
    """What is to be done: read from what is stored, so the same everywhere.

    `wrong` are Items of what somebody has typed and could not save.
    """
    needed = [
        Item(_("A title"), "title", "title", bool(campaign.title)),
        Item(_("The ask in one sentence"), "title", "summary", bool(campaign.summary)),
        Item(_("The story"), "story", "story", bool(campaign.story)),
        Item(
            _("Something to do: a petition or a letter"),
            "petition",
            "petition-ask",
            bool(petition or letter),
        ),
        *_of_petition(petition),
        *_of_letter(letter),
        *_of_dates(campaign),
        *_of_gaps(campaign, petition, letter),
    ]
    said = {item.field for item in wrong}
    begun = {item.section for item in wrong}
    # What was typed and is wrong is not missing as well: each fault is said once.
    needed = [item for item in needed if item.is_done or item.field not in said]
    return Checklist(
        [*needed, *wrong],
        [i for i in _recommended(campaign, letter) if i.section not in begun],
        list(_doubts(campaign, petition, letter)),
    )


# In a text that strangers read, brackets are mostly words that somebody forgot.
_BRACKETS = re.compile(r"\[(?!picture \d)[^][]+\]", re.IGNORECASE)


def _doubts(campaign, petition, letter):
    if event_is_over(campaign):
        day = date_format(last_day_of_event(campaign), "DATE_FORMAT")
        words = _("The event is in the past: %s") % day
        yield Item(words, "dates", "event_starts")
    body = letter.body if letter else ""
    before, own, _after = body.partition(placeholders.OWN_WORDS)
    if own and placeholders.NAME_AND_PLACE in before:
        words = _("The writer’s own words stand below their name")
        yield Item(words, "letter", "letter-body")
    for name, text in _texts(campaign, petition).items():
        found = dict.fromkeys(_BRACKETS.findall(strip_tags(text)))
        asked = set(gaps_in(text)) | set(placeholders.ALL)
        if left := [words for words in found if words not in asked]:
            section, label = FIELDS[name]
            words = _("%(what)s has words in brackets: %(words)s")
            yield Item(words % {"what": label, "words": listed(left)}, section, name)


def _texts(campaign, petition):
    """What people read on the page, by the name of its field."""
    texts = {name: str(getattr(campaign, name, "") or "") for name in FIELDS}
    return texts | {"petition-ask": petition.ask if petition else ""}


def _of_dates(campaign):
    if campaign.closes_at and campaign.closes_at <= timezone.now():
        yield Item(_("A closing day in the future"), "dates", "closes")


def _of_petition(petition):
    if petition is not None and not petition.ask:
        yield Item(_("The sentence that people sign"), "petition", "petition-ask")


def _of_letter(letter):
    if letter is None:
        return
    yield Item(
        _("A subject for the letter"), "letter", "letter-subject", bool(letter.subject)
    )
    yield Item(
        _("The text of the letter, with its placeholders"),
        "letter",
        "letter-body",
        _is_whole(letter),
    )
    recipients = letter.recipient_list
    has_people = recipients.recipients.reachable().exists()
    yield Item(
        _("At least one recipient who can be reached"),
        "recipients",
        "letter-lines",
        has_people,
    )
    if has_people:
        yield Item(
            _("How the letter names its recipients"),
            "recipients",
            "letter-addressed_as",
            bool(recipients.addressed_as),
        )


def _is_whole(letter):
    try:
        letter.clean()
    except ValidationError:
        return False
    return bool(letter.body)


def _of_gaps(campaign, petition, letter):
    """What a template left to be filled in.

    The letter’s text refuses brackets, so that it is not stored with any.
    """
    texts = _texts(campaign, petition)
    known = letter.recipient_list if letter else None
    texts["letter-addressed_as"] = known.addressed_as if known else ""
    for name, text in texts.items():
        if gaps := gaps_in(text):
            section, label = FIELDS[name]
            words = _("%(what)s: Replace %(gaps)s.")
            yield Item(words % {"what": label, "gaps": listed(gaps)}, section, name)


def wrong_in(forms, lists, csv):
    """What is wrong with a form, as its fields say it, and CSV that waits in it."""
    for form in forms:
        for name, errors in form.wrong.items():
            yield _wrong(form.add_prefix(name), errors)
    for rows in lists:
        if rows.wrong:
            found = [row.wrong.values() for row in rows.wrong]
            errors = [error for each in found for one in each for error in one]
            yield _wrong(rows.first_wrong_field, errors, ROWS[rows.prefix])
    if csv:
        yield Item(
            _("Recipients from CSV are waiting: add them, or empty the field"),
            "recipients",
            "csv-text",
        )


def _wrong(field, errors, of=None):
    """A field and its errors, each once."""
    section, label = of or FIELDS.get(field, ("title", field))
    why = " ".join(dict.fromkeys(errors))
    return Item(_("%(what)s: %(why)s") % {"what": label, "why": why}, section, field)


def not_saved():
    """That somebody has typed something that they see on the form, and nobody else."""
    return Item(_("What you typed and did not save"), "content-start", "")


def _recommended(campaign, letter):
    reading = campaign.pk is not None and campaign.readings.exists()
    closes = campaign.closes_at is not None
    found = [
        Item(
            _("A second line of the title, for when people share the page"),
            "title",
            "title_ask",
            bool(campaign.title_ask),
        ),
        Item(_("A picture"), "picture", "new_picture", bool(campaign.picture)),
        Item(_("Background reading"), "reading", "reading-0-title", reading),
    ]
    if letter is not None:
        words = _("A call for action above the letter")
        called = bool(campaign.call_for_action)
        found.append(Item(words, "letter", "call_for_action", called))
        words = _("A test email of the letter to yourself")
        found.append(Item(words, "recipients", "test", letter.is_tested))
        found += _of_languages(campaign, letter)
    found.append(Item(_("The closing day"), "dates", "closes", closes))
    if len(sentences_in(campaign.summary)) > 1:
        words = _("The ask in one sentence: now it is more than one")
        found.insert(0, Item(words, "title", "summary"))
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
            yield Item(words, "letter", "", code in written)


# The anchor of each field on the page, and the field's name there.
FIELDS = {
    "title": ("title", gettext_lazy("Title")),
    "title_ask": ("title", gettext_lazy("Second line of the title")),
    "slug": ("title", gettext_lazy("Address")),
    "language": ("title", gettext_lazy("Language")),
    "summary": ("title", gettext_lazy("The ask in one sentence")),
    "happening": ("story", gettext_lazy("What is happening")),
    "wrong": ("story", gettext_lazy("What is wrong")),
    "asked": ("story", gettext_lazy("What we ask")),
    "story": ("story", gettext_lazy("Story")),
    "reading_title": ("reading", gettext_lazy("Title of the background reading")),
    "call_for_action": ("letter", gettext_lazy("Call for action")),
    "share_text": ("petition", gettext_lazy("Message to share")),
    "thanks_text": ("petition", gettext_lazy("Text of the thank-you email")),
    "event_name": ("dates", gettext_lazy("Event")),
    "event_starts": ("dates", gettext_lazy("Event starts")),
    "event_ends": ("dates", gettext_lazy("Event ends")),
    "timezone": ("dates", gettext_lazy("Time zone")),
    "opens": ("dates", gettext_lazy("Opens")),
    "closes": ("dates", gettext_lazy("Closes")),
    "publish_at": ("publish", gettext_lazy("Publish later")),
    "new_picture": ("picture", gettext_lazy("Picture")),
    "picture_alt": ("picture", gettext_lazy("What the picture shows")),
    "picture_credit": ("picture", gettext_lazy("Credit")),
    "picture_x": ("picture", gettext_lazy("Focus, from the left")),
    "picture_y": ("picture", gettext_lazy("Focus, from the top")),
    "petition-ask": ("petition", gettext_lazy("The sentence that people sign")),
    "letter-subject": ("letter", gettext_lazy("Subject")),
    "letter-body": ("letter", gettext_lazy("Letter")),
    "letter-ask": ("letter", gettext_lazy("Locked ask")),
    "letter-recipients": ("recipients", gettext_lazy("Who gets the letter")),
    "letter-lines": ("recipients", gettext_lazy("New recipients")),
    "letter-addressed_as": (
        "recipients",
        gettext_lazy("How the letter names them all"),
    ),
}
ROWS = {
    "story-picture": ("story", gettext_lazy("Pictures in the story")),
    "reading": ("reading", gettext_lazy("Background reading")),
    "recipient": ("recipients", gettext_lazy("Recipients")),
}
