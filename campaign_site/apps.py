import mimetypes

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CampaignSiteConfig(AppConfig):
    name = "campaign_site"
    verbose_name = "Campaign site"

    def ready(self):
        from campaign_site.permissions import give_permissions

        # Django says it of one app after the other: by the last, all are there.
        *_others, last = (c for c in apps.get_app_configs() if c.models_module)
        post_migrate.connect(give_permissions, sender=last)
        # Python 3.12 does not know these.
        mimetypes.add_type("image/avif", ".avif")
        mimetypes.add_type("image/webp", ".webp")

    def retention(self):
        from campaign_site import mail_sink, retention
        from safeguards.counters import old_hits

        return [
            retention.of_rows(
                "counters",
                _("counters of limits whose window ended a day ago"),
                old_hits,
                retention.delete,
            ),
            retention.jobs_rule(_("finished jobs of the queue, with their events")),
            retention.Rule(
                "mails of development",
                _("mails that development keeps as files"),
                lambda: len(mail_sink.old()),
                mail_sink.old,
                mail_sink.delete,
            ),
        ]
