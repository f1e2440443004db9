from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabaseConfig(AppConfig):
    """PostgreSQL, the queue in it, and what is forgotten from it."""

    name = "database"
    verbose_name = _("Database")

    def retention(self):
        from database.retention import jobs_rule

        return [jobs_rule(_("finished jobs of the queue, with their events"))]
