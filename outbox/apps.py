from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Every mail that leaves."""

    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self):
        from outbox import reports  # noqa: F401  listens to what providers say

    def retention(self):
        from database.retention import delete, of_rows
        from outbox.models import OutgoingMail, Suppression

        return [
            of_rows(
                "addresses of mails",
                _("addresses of mails of which no report can come any more"),
                OutgoingMail.objects.to_blank,
                lambda mails: mails.blank(),
            ),
            of_rows(
                "outgoing mails",
                _("notes of mails that ended months ago"),
                OutgoingMail.objects.outdated,
                delete,
            ),
            of_rows(
                "suppressions",
                _("mailboxes that may get mails again"),
                Suppression.objects.outdated,
                delete,
            ),
        ]
