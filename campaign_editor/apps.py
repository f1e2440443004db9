from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignEditorConfig(AppConfig):
    name = "campaign_editor"
    verbose_name = _("Campaign editor")
