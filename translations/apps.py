from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    name = "translations"
    verbose_name = _("Translations")

    def inbox(self):
        from translations.word_reports.inbox import WordsTab

        return [WordsTab()]

    def waiting(self, user, campaign=None):
        from translations import waiting

        return waiting.waiting(user, campaign)
