from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def waiting(self, user, campaign=None):
        from campaigns import waiting

        return waiting.waiting(user, campaign)

    def funnel(self, user, campaign, period):
        from campaigns import figures

        return figures.funnel(user, campaign, period)

    def timeline(self, user, campaign):
        from campaigns import timeline

        return timeline.timeline(user, campaign)

    def calendar(self, campaign):
        from campaigns import calendar

        return calendar.dates(campaign)

    def dependents(self, row):
        from django.utils.translation import ngettext

        from campaigns.models.campaign import Campaign
        from versions.deletion import Dependents

        found = Dependents()
        if isinstance(row, Campaign) and (number := row.updates.count()):
            found.goes.append(ngettext("%d update", "%d updates", number) % number)
        return found

    def ready(self):
        from django.urls import register_converter

        from campaigns import checks, page_views  # noqa: F401  checks of a deployment
        from campaigns.models import address, old_address
        from pages import fragments, page_cache

        page_cache.when_read(page_views.count)
        page_cache.never_where(old_address.old_query)
        register_converter(address.CampaignSlugConverter, "campaign")
        fragments.by_also(address.version)

    def figures(self):
        from campaigns import figures

        return figures.figures()
