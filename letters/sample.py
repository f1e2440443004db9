"""A suggested letter as its recipients will get it, for staff to see beforehand."""

from dataclasses import dataclass
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from letters.message import sender_name

WRITER = ("Maria Silva", "Porto, Portugal")


@dataclass(frozen=True)
class Version:
    to: str
    subject: str
    text: str


def versions(suggested):
    """One version for all together, or one for each recipient."""
    recipients = list(suggested.recipient_list.recipients.reachable())
    name, place = WRITER
    subject, body = suggested.draft()
    seen_by = recipients if suggested.goes_one_by_one else [None]
    made = []
    for recipient in seen_by:
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
        made.append(Version(to, subject, letter.envelope.text))
    return made


def send_test(suggested, user):
    """Mail each version to a staff member, marked as a test; returns how many."""
    made = versions(suggested)
    for version in made:
        EmailMessage(
            subject=f"[{_('Test')}] {version.subject}",
            body=_("To: %s") % version.to + "\n\n" + version.text + "\n",
            from_email=str(
                Address(sender_name(WRITER[0]), addr_spec=settings.LETTERS_FROM_EMAIL)
            ),
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    return len(made)
