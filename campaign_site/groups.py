from django.contrib.auth.apps import AuthConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AuthConfig):
    """Django's accounts, of which staff see the groups; the list is named for them."""

    verbose_name = _("Roles")
