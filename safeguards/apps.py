from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SafeguardsConfig(AppConfig):
    """What keeps floods, forgeries and unwanted words off, for every app above."""

    name = "safeguards"
    verbose_name = _("Safeguards")

    def ready(self) -> None:
        post_migrate.connect(_complete_limits, sender=self)


def _complete_limits(using, apps=None, **_kwargs):
    """Make a row for each limit of this version; called after `migrate`."""
    from safeguards.limits import OwnLimit

    try:
        apps.get_model("safeguards", "OwnLimit")
    except LookupError:  # the migrations have run in part only
        return
    OwnLimit.objects.using(using).complete()
