from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardsConfig(AppConfig):
    """What keeps floods, forgeries and unwanted words off, for every app above."""

    name = "safeguards"
    verbose_name = _("Safeguards")

    def retention(self):
        from database.retention import delete, of_rows
        from safeguards.counters import old_hits

        return [
            of_rows(
                "counters",
                _("counters of limits whose window ended a day ago"),
                old_hits,
                delete,
            )
        ]
