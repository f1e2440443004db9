"""The mail by which the group gets what a person has written to us."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext_lazy as _

from outbox.incoming.models import IncomingMail
from outbox.incoming.reading import LOOP, IncomingMessage
from outbox.mail import write
from outbox.outgoing_mail import Outcome, OutgoingMail
from outbox.purposes import BULK, Nothing, Purpose, register


@register
class ReplyForwarded(Purpose):
    """What a person wrote, to the site's contact, with the whole message attached.

    An answer to it goes to the person.
    """

    name = "reply_forwarded"
    title = _("Forwarded email from somebody")
    policy = BULK

    def compose(self, mail: OutgoingMail) -> EmailMultiAlternatives:
        row = IncomingMail.objects.filter(pk=mail.about or 0).first()
        if row is None or row.raw is None:
            raise Nothing
        message = IncomingMessage(bytes(row.raw))
        context = {
            "sender": message.sender or message.from_words,
            "title": message.subject,
            "words": message.text,
        }
        written = write(mail.email, self.name, context, settings.LANGUAGE_CODE)
        if message.sender:
            written.reply_to = [message.sender]
        written.extra_headers[LOOP] = settings.MAIL_DOMAIN
        # As it came, it could break the rules of mail, and ours.
        written.attach("email.eml", message.raw, "application/octet-stream")
        return written

    def settled(self, mail: OutgoingMail) -> None:
        if mail.outcome != Outcome.GIVEN_UP:
            IncomingMail.objects.filter(pk=mail.about or 0).update(raw=None)
