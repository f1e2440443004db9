from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """What a public request needs, whichever page it asks for."""

    name = "pages"
    verbose_name = _("Pages")
