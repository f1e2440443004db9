from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrandingConfig(AppConfig):
    """How the site looks, and who stands behind it."""

    name = "branding"
    verbose_name = _("Branding")

    def ready(self):
        from branding.models import known_version
        from pages import page_cache

        page_cache.stale_after(known_version)
