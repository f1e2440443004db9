"""Mail domains that get nothing for the time being."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from outbox.models import PausedDomain


@admin.register(PausedDomain)
class PausedDomainAdmin(admin.ModelAdmin):
    """A row here makes all mails to its domain wait; delete the row to resume.

    It holds nothing about anybody, so looking at it is not written down.
    """

    is_audited = False
    list_display = ["domain", "reason", "paused_at"]
    fieldsets = [
        (
            None,
            {
                "fields": ["domain", "reason"],
                "description": _(
                    "All mails to this domain wait, and none is lost. They leave when "
                    "you delete this row."
                ),
            },
        )
    ]
