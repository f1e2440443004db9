from django.apps import AppConfig


class SupportersConfig(AppConfig):
    name = "supporters"

    def ready(self):
        from supporters import bounces  # noqa: F401  listens to providers' webhooks
