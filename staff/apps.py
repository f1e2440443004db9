from django.apps import AppConfig
from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    """Django's admin, with a site of our own."""

    default = False
    default_site = "staff.site.StaffSite"


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self):
        # Importing them declares the cookies, registers the purposes of mails, and has
        # groups say their names in each language.
        import staff.accounts.cookies
        import staff.accounts.mails
        import staff.accounts.roles
        import staff.alerts.mails
        import staff.invitations.mails  # noqa: F401

    def promises(self):
        from staff.mail_desk import promises

        return promises.promises()

    def inbox(self):
        from staff.alerts.inbox import AlertsTab

        return [AlertsTab()]

    def waiting(self, user, campaign=None):
        from django.urls import reverse
        from django.utils.translation import ngettext

        from staff import reach
        from staff.alerts.models import Alert
        from staff.mail_desk.waiting import waiting_mails
        from staff.waiting import Waiting

        # Neither an alert nor an email belongs to a campaign.
        if campaign or not reach.works_for_the_site(user):
            return []
        number = Alert.objects.filter(closed_at=None).count()
        words = ngettext(
            "alert: deal with it, then close it",
            "alerts: deal with them, then close them",
            number,
        )
        page = reverse("inbox", args=["alerts"])
        return [Waiting(number, words, page), *waiting_mails(user)]
