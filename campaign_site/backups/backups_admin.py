from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from campaign_site.backups.models import Backup
from staff.read_only_admin import ReadOnlyAdmin


@admin.register(Backup)
class BackupAdmin(ReadOnlyAdmin):
    """The backups that are kept, and how the last restore of one went."""

    filled_by = _(
        "Nothing is here yet. The server makes a backup each night, once the "
        "people who run it have chosen a place."
    )
    is_audited = False  # nobody of the staff makes any
    list_display = ["made_at", "size", "people", "files", "tried_at", "fault"]
    fields = ["name", *list_display]
    readonly_fields = fields

    @admin.display(description=_("size"))
    def size(self, backup):
        return filesizeformat(backup.bytes)

    @admin.display(description=_("signatures"))
    def people(self, backup):
        return intcomma(backup.signatures)
