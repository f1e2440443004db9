"""The mail that tells a person where their answer to a mail of ours went."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext_lazy as _

from outbox.incoming.models import IncomingMail
from outbox.incoming.reading import LOOP
from outbox.mail import write
from outbox.outgoing_mail import OutgoingMail
from outbox.purposes import NOTICE, Nothing, Purpose, register
from pages.addresses import absolute_reverse


@register
class ReplyExplained(Purpose):
    """Goes out once in some days at most; about the message that came."""

    name = "reply_explained"
    title = _("Where your email to us went")
    policy = NOTICE
    is_unasked = True

    @property
    def is_counted_by_domain(self) -> bool:
        """Whoever writes to us can forge whose answer it is."""
        return True

    def compose(self, mail: OutgoingMail) -> EmailMultiAlternatives:
        row = IncomingMail.objects.filter(pk=mail.about or 0).first()
        if row is None:
            raise Nothing
        context = {"mine_url": absolute_reverse("supporters:mine", row.language)}
        written = write(mail.email, self.name, context, row.language)
        # Nobody answers this, and if somebody does, they get no answer.
        written.extra_headers |= {
            "Auto-Submitted": "auto-replied",
            LOOP: settings.MAIL_DOMAIN,
        }
        return written
