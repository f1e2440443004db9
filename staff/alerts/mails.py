"""The mail that tells a campaigner of an alert."""

from django.utils.translation import gettext_lazy as _

from outbox.purposes import Nothing, register
from pages.addresses import absolute
from staff.alerts.models import Alert
from staff.mails import ToStaff


@register
class AlertMail(ToStaff):
    """Something that a person should look at, about the key of the alert."""

    name = "alert"
    title = _("Alert to campaigners")

    def words(self, mail):
        alert = Alert.objects.filter(pk=mail.about).first()
        if alert is None:
            raise Nothing
        return self.name, {**alert.told, "admin_url": absolute(alert.address)}

    def about_row(self, mail):
        return Alert.objects.filter(pk=mail.about).first()
