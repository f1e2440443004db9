from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Every mail that leaves the site."""

    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        import outbox.incoming.forwarding
        import outbox.incoming.mails
        import outbox.reports  # noqa: F401  listens to what providers say
