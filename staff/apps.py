from django.apps import AppConfig
from django.contrib.admin import apps
from django.utils.translation import gettext_lazy as _


class AdminConfig(apps.AdminConfig):
    """Django's admin, with a site of our own."""

    default = False
    default_site = "staff.site.StaffSite"


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self):
        # What their mails are for.
        import staff.accounts.mails
        import staff.alerts.mails
        import staff.invitations.mails  # noqa: F401

    def waiting(self, user):
        from django.urls import reverse
        from django.utils.translation import ngettext

        from staff.alerts.models import Alert
        from staff.mail_desk.waiting import waiting_mails
        from staff.waiting import Waiting

        number = Alert.objects.filter(closed_at=None).count()
        words = ngettext(
            "alert: look at it, and close it",
            "alerts: look at them, and close them",
            number,
        )
        page = reverse("admin:staff_alert_changelist") + "?closed_at__isempty=1"
        return [Waiting(number, words, page), *waiting_mails(user)]

    def retention(self):
        from django.contrib.sessions.models import Session
        from django.utils import timezone

        from database.retention import delete, of_rows
        from staff.alerts.models import Alert
        from staff.audit.models import AuditEntry, outdated_log
        from staff.invitations.models import Invitation

        return [
            of_rows(
                "audit trail",
                _("rows of the audit trail of what staff did with personal data"),
                AuditEntry.objects.outdated,
                delete,
            ),
            of_rows(
                "alerts",
                _("alerts to the people who work here"),
                Alert.objects.outdated,
                delete,
            ),
            of_rows(
                "invitations",
                _("invitations to work here, with the address they went to"),
                Invitation.objects.outdated,
                delete,
            ),
            of_rows(
                "log of the admin",
                _("entries of the admin's own log, which name the rows"),
                outdated_log,
                delete,
            ),
            of_rows(
                "sessions",
                _("sessions of staff that have ended"),
                lambda: Session.objects.filter(expire_date__lt=timezone.now()),
                delete,
            ),
        ]
