from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    """Names on sheets, and from other websites, count; ROOMS may leave this out."""

    name = "paper"
    verbose_name = _("names on paper")
    privacy = "paper/privacy.html"  # what the privacy page says of them

    def beside_signatures(self):
        from paper import beside

        return beside

    def waiting(self, user, campaign=None):
        from paper import waiting

        return waiting.waiting(user, campaign)

    def dependents(self, row):
        from paper import deleting

        return deleting.dependents(row)
