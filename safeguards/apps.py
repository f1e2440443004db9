from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardsConfig(AppConfig):
    """What keeps floods, forgeries and unwanted words off, for every app above."""

    name = "safeguards"
    verbose_name = _("Safeguards")
