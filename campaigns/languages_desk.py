"""Where staff see and change what a campaign says in further languages."""

from django.apps import apps
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _


class LanguagesDesk:
    """The list of a campaign's texts in the admin.

    A room with pages for this offers `languages_desk(campaign)` in its AppConfig, which
    answers with one that leads to them.
    """

    def __init__(self, campaign):
        self.campaign = campaign

    def page(self, language=""):
        """The page of all languages, or of one."""
        of = {"campaign__id__exact": self.campaign.pk}
        if language:
            of["language__exact"] = language
        page = reverse("admin:campaigns_campaigntext_changelist")
        return f"{page}?{urlencode(of)}"

    def begun(self):
        """Each language in which there is something: its name, page and state."""
        return [
            (
                name_of(text.language),
                reverse("admin:campaigns_campaigntext_change", args=[text.pk]),
                _("published") if text.published_at else _("draft"),
            )
            for text in self.campaign.texts.order_by("language")
        ]


def languages_desk(campaign):
    """The desk of a room, if the site has one; else that of the admin."""
    for config in apps.get_app_configs():
        if hasattr(config, "languages_desk"):
            return config.languages_desk(campaign)
    return LanguagesDesk(campaign)


def name_of(language):
    """A language as the present one calls it, as the first word of a line."""
    name = get_language_info(language)["name_translated"]
    return name[:1].upper() + name[1:]
