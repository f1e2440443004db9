from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessKeysConfig(AppConfig):
    """With a key, a program of the group reads names; ROOMS may leave this out."""

    name = "access_keys"
    verbose_name = _("Access keys")

    def described(self, schemas, paths):
        from access_keys.description import describe

        describe(schemas, paths)

    def links_of_petition(self, slug):
        from access_keys.signatures import link_to_signatures

        return {"osdi:signatures": link_to_signatures(slug=slug)}
