from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self):
        from campaign_site import page_cache
        from campaigns import page_views

        page_cache.when_read(page_views.count)

    def figures(self):
        from campaigns import figures

        return figures.figures()
