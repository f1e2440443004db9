"""A suggested letter as its recipients will get it, for staff to see beforehand."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from letters.recipients.stances import Stance
from letters.sending.addressees import named
from letters.sending.message import with_footer
from letters.suggested import placeholders

WRITER = ("Maria Silva", "Porto, Portugal")


@dataclass(frozen=True)
class SampleLetter:
    to: str
    subject: str
    text: str


def readers(suggested):
    """Recipients who get a version of their own.

    If the versions differ only in the names of the others, the first one in each
    language is enough.
    """
    people = _recipients(suggested)
    if suggested.greets_each:
        return people
    firsts = {}
    for person in people:
        firsts.setdefault(suggested.words_in(person.language).language, person)
    return list(firsts.values())


def _recipients(suggested):
    reachable = list(suggested.recipient_list.recipients.reachable())
    return Stance.objects.of(suggested).to_write_to(reachable)


def versions(suggested, readers):
    """The letter as each of these readers gets it, in their language."""
    recipients = _recipients(suggested)
    return [_version(suggested, recipients, reader) for reader in readers]


def _version(suggested, recipients, reader):
    name, place = WRITER
    words = suggested.words_in(reader.language)
    with override(words.language):
        subject, body = words.draft()
        letter = words.letter_for(
            recipients,
            subject=subject,
            body=body,
            name=name,
            place=place,
            own_words=_("This is a sentence in the writer’s own words."),
            salutation=reader.greeting_in(words.language),
        )
        others = named([each.label for each in recipients if each != reader])
        text = with_footer(letter.envelope.text, name, words.language, others=others)
    return SampleLetter(reader.label, subject, text)


def follow_up(suggested):
    """The follow-up as the first of them gets it, or None."""
    if not suggested.days_to_follow_up:
        return None
    recipient = suggested.recipient_list.recipients.reachable().first()
    if recipient is None:
        return None
    name, place = WRITER
    words = suggested.words_in(recipient.language)
    with override(words.language):
        text = words.follow_up_for(name=name, place=place, subject=words.subject)
        greeting = recipient.greeting_in(words.language)
        text = placeholders.put(text, placeholders.SALUTATION, greeting)
        day = date_format(timezone.localdate(), "DATE_FORMAT")
        text = placeholders.put(text, placeholders.DATE, day)
    text = with_footer(text, name, words.language, is_follow_up=True)
    return SampleLetter(recipient.label, f"Re: {words.subject}", text)
