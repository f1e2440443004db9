"""A suggested letter by mail, as its recipients will get it, for staff who ask."""

from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters.sending.message import sender_name
from letters.suggested import sample
from letters.suggested.models import SuggestedLetter
from outbox.models import Outcome, OutgoingMail
from outbox.purposes import ASKED_FOR, Nothing, register
from staff.mails import ToStaff

# A list may hold thousands; the preview shows the others.
MOST_TESTS = 10


def queue_tests(suggested, user):
    """Queue a mail for each of the first versions; returns how many."""
    number = len(sample.readers(suggested)[:MOST_TESTS])
    for version in range(number):
        about = suggested.pk * MOST_TESTS + version
        OutgoingMail.objects.queue_for_staff("letter_test", about, [user])
    return number


@register
class LetterTest(ToStaff):
    """One version of a suggested letter, marked as a test.

    `about` is MOST_TESTS times the letter's key, plus the number of the version.
    """

    name = "letter_test"
    title = gettext_lazy("Test of a suggested letter")
    policy = ASKED_FOR

    def compose(self, mail):
        pk, number = divmod(mail.about, MOST_TESTS)
        found = SuggestedLetter.objects.select_related("campaign", "recipient_list")
        mail.suggested = found.filter(pk=pk).first()
        readers = mail.suggested and sample.readers(mail.suggested)[number:][:1]
        if not readers:
            raise Nothing
        [version] = sample.versions(mail.suggested, readers)
        sender = sender_name(sample.WRITER[0])
        return EmailMessage(
            subject=f"[{_('Test')}] {version.subject}",
            body=_("To: %s") % version.to + "\n\n" + version.text,
            from_email=str(Address(sender, addr_spec=settings.LETTERS_FROM_EMAIL)),
            to=[mail.email],
            headers={"Auto-Submitted": "auto-generated"},
        )

    def settled(self, mail):
        if mail.outcome == Outcome.SENT:
            mail.suggested.note_test()

    def about_row(self, mail):
        return SuggestedLetter.objects.filter(pk=mail.about // MOST_TESTS).first()
