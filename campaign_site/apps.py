from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignSiteConfig(AppConfig):
    name = "campaign_site"
    verbose_name = "Campaign site"

    def retention(self):
        from campaign_site import limits, retention

        return [
            retention.of_rows(
                "counters",
                _("counters of limits whose window ended a day ago"),
                limits.old_hits,
                retention.delete,
            ),
            retention.Rule(
                "jobs",
                _("finished jobs of the queue, with their events"),
                retention.finished_jobs,
                retention.forget_finished_jobs,
            ),
        ]
