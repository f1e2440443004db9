import mimetypes

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CampaignSiteConfig(AppConfig):
    name = "campaign_site"
    verbose_name = "Campaign site"

    def ready(self):
        from campaign_site import permissions
        from campaign_site.backups import checks  # noqa: F401  finds faults of settings
        from staff import reach

        # Django sends it for one app after the other; after the last, all have
        # migrated.
        *_others, last = (c for c in apps.get_app_configs() if c.models_module)
        post_migrate.connect(permissions.give_permissions, sender=last)
        reach.know(permissions.CAMPAIGN_OF, made_by_site=permissions.MADE_BY_SITE)
        # Python 3.12 does not know these types.
        mimetypes.add_type("image/avif", ".avif")
        mimetypes.add_type("image/webp", ".webp")
