from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """Volunteers translate a campaign by a link; ROOMS may leave this out."""

    name = "volunteers"
    verbose_name = _("Translations")

    def ready(self):
        import volunteers.mails  # noqa: F401  their purposes

    def promises(self):
        from volunteers import promises

        return promises.promises()

    def waiting(self, user, campaign=None):
        from volunteers import waiting

        return waiting.waiting(user, campaign)

    def languages_desk(self, campaign):
        from volunteers.languages_desk import TranslationsDesk

        return TranslationsDesk(campaign)
