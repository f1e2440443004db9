from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The site for programs: what its public pages say, as JSON."""

    name = "api"
    verbose_name = "API"
