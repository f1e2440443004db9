"""The mail that tells a campaigner of an alert."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from outbox.mail import write
from outbox.purposes import NOTICE, Nothing, Purpose, register
from pages.addresses import absolute
from staff.accounts.models import User
from staff.alerts.models import Alert


@register
class AlertMail(Purpose):
    """Something that a person should look at, about the key of the alert."""

    name = "alert"
    title = _("Alert to campaigners")
    policy = NOTICE

    def compose(self, mail):
        alert = Alert.objects.filter(pk=mail.about).first()
        if alert is None or not _works_here(mail):
            raise Nothing
        context = {"alert": alert, "admin_url": absolute(alert.page)}
        return write(mail.email, "alert", context, settings.LANGUAGE_CODE)


def _works_here(mail):
    """Whether its reader does so still; the site's contact does so always."""
    user = User.objects.filter(pk=mail.user_pk, email=mail.email, is_active=True)
    return not mail.user_pk or user.exists()
