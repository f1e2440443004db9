from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevelopmentConfig(AppConfig):
    """The demo campaign, and the mails that bin/dev keeps.

    Production does not load it.
    """

    name = "campaign_site.development"
    label = "development"

    def ready(self):
        from campaign_site.development import mail_sink
        from database import retention

        retention.add(
            retention.Rule(
                "mails of development",
                _("emails that development keeps as files"),
                lambda: len(mail_sink.old()),
                mail_sink.old,
                mail_sink.delete,
            ),
        )

    def forget_words(self, words):
        from campaign_site.development import mail_sink

        mail_sink.forget(words)
