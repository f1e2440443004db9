"""An update by mail, as its followers will get it, for staff who ask to see it."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Update
from outbox.mail import message
from outbox.purposes import ASKED_FOR, Nothing, register
from staff.mails import ToStaff
from supporters.follow.update_mail import sample_update


@register
class UpdateTest(ToStaff):
    """A test mail about the key of an update, which may not be published yet."""

    name = "update_test"
    title = _("Test of an update")
    policy = ASKED_FOR

    def compose(self, mail):
        update = Update.objects.select_related("campaign").filter(pk=mail.about).first()
        if update is None:
            raise Nothing
        parts = sample_update(update)
        return message(mail.email, *parts, kind=self.name, campaign=update.campaign)

    def about_row(self, mail):
        return Update.objects.filter(pk=mail.about).first()
