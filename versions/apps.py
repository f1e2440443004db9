from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VersionsConfig(AppConfig):
    name = "versions"
    verbose_name = _("Deleted")

    def retention(self):
        from database.retention import delete, of_rows
        from versions.models import Deleted, DeletedQuerySet, PendingUpload, Version

        return [
            of_rows(
                "versions",
                _("what texts of campaigners said long ago"),
                Version.objects.outdated,
                delete,
            ),
            of_rows(
                "kept files",
                _("files of staff’s forms that were not saved"),
                PendingUpload.objects.outdated,
                delete,
            ),
            of_rows(
                "deleted texts",
                _("pages and texts that campaigners deleted weeks ago"),
                Deleted.objects.outdated,
                DeletedQuerySet.forget,
            ),
        ]
