from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "letters"

    def ready(self):
        from letters import bounces  # noqa: F401  listens to the providers' webhooks
