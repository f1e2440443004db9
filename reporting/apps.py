from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """Numbers for staff: figures, charts, and CSV files."""

    name = "reporting"
    verbose_name = _("Reporting")
