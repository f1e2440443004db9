from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The site for programs: its pages as JSON."""

    name = "api"
    verbose_name = _("API")
