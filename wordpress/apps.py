from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WordPressConfig(AppConfig):
    """A site that was one of WordPress moves in; ROOMS may leave this out."""

    name = "wordpress"
    verbose_name = _("Import from WordPress")
