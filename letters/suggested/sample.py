"""A suggested letter as its recipients will get it, for staff to see beforehand."""

from dataclasses import dataclass
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage, make_msgid
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from database.retrying import for_a_day
from letters.recipients.stances import Stance
from letters.sending.message import sender_name, with_footer
from letters.suggested import placeholders
from letters.suggested.models import SuggestedLetter
from staff.models import User

WRITER = ("Maria Silva", "Porto, Portugal")
# A list may hold thousands; the preview shows the others.
MOST_TESTS = 10


@dataclass(frozen=True)
class SampleLetter:
    to: str
    subject: str
    text: str


def readers(suggested):
    """Who gets a version of their own; None stands for all together."""
    if not suggested.goes_one_by_one:
        return [None]
    return _recipients(suggested)


def _recipients(suggested):
    reachable = list(suggested.recipient_list.recipients.reachable())
    return Stance.objects.of(suggested).to_write_to(reachable)


def versions(suggested, readers):
    """The letter as each of these readers gets it."""
    recipients = _recipients(suggested)
    name, place = WRITER
    subject, body = suggested.draft()
    made = []
    for recipient in readers:
        letter = suggested.letter_for(
            recipients,
            subject=subject,
            body=body,
            name=name,
            place=place,
            own_words=_("Here stands a sentence of the writer’s own."),
            salutation=recipient.greeting if recipient else "",
        )
        to = recipient.label if recipient else suggested.recipient_list.addressed_as
        text = with_footer(letter.envelope.text, name, suggested.campaign)
        made.append(SampleLetter(to, subject, text))
    return made


def follow_up(suggested):
    """The follow-up as the first of them gets it; None where there is none."""
    if not suggested.days_to_follow_up:
        return None
    name, place = WRITER
    text = suggested.follow_up_for(name=name, place=place, subject=suggested.subject)
    recipient = suggested.recipient_list.recipients.reachable().first()
    if recipient is None:
        return None
    text = placeholders.put(text, placeholders.SALUTATION, str(recipient.greeting))
    text = placeholders.put(
        text, placeholders.DATE, date_format(timezone.localdate(), "DATE_FORMAT")
    )
    text = with_footer(text, name, suggested.campaign)
    return SampleLetter(recipient.label, f"Re: {suggested.subject}", text)


def send_test_later(suggested, user):
    """Queue a test for a staff member; returns how many mails it will be."""
    send_test.defer(suggested_pk=suggested.pk, user_pk=user.pk)
    return len(readers(suggested)[:MOST_TESTS])


@app.task(name="letters.send_test", retry=for_a_day)
def send_test(suggested_pk, user_pk):
    """A suggested letter as its recipients will get it, for who asked to see it."""
    suggested = (
        SuggestedLetter.objects.select_related("campaign", "recipient_list")
        .filter(pk=suggested_pk)
        .first()
    )
    user = User.objects.filter(pk=user_pk).first()
    if suggested and user:
        _send_test(suggested, user)


def _send_test(suggested, user):
    """Mail the first MOST_TESTS versions to a staff member, marked as a test."""
    for version in versions(suggested, readers(suggested)[:MOST_TESTS]):
        EmailMessage(
            subject=f"[{_('Test')}] {version.subject}",
            body=_("To: %s") % version.to + "\n\n" + version.text,
            from_email=str(
                Address(sender_name(WRITER[0]), addr_spec=settings.LETTERS_FROM_EMAIL)
            ),
            to=[user.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Message-ID": make_msgid(domain=settings.MAIL_DOMAIN),
            },
        ).send()
    suggested.note_test()
