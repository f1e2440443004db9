"""The mail to campaigners about an official whose address takes no mail."""

from django.utils.translation import gettext_lazy as _

from letters.recipients.models import Recipient
from outbox.purposes import Nothing, register
from pages.addresses import absolute
from staff.mails import ToStaff


@register
class AddressTakesNoMail(ToStaff):
    """Asks campaigners to look up a new address, about the key of the recipient.

    It raises Nothing when that has been done meanwhile.
    """

    name = "recipient_bounced"
    title = _("Emails to an official come back")

    def words(self, mail):
        bounced = Recipient.objects.exclude(bounced_at=None)
        recipient = bounced.select_related("list").filter(pk=mail.about).first()
        if recipient is None:
            raise Nothing
        page = absolute(recipient.admin_url)
        return self.name, {"recipient": recipient, "admin_url": page}

    def about_row(self, mail):
        return Recipient.objects.filter(pk=mail.about).first()
