from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisingConfig(AppConfig):
    name = "campaign_editor"
    verbose_name = _("Campaign editor")
