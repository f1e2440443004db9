"""Groups of staff, in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from campaign_site.permissions import GROUPS
from pages.sorting import alphabetical
from staff.accounts.permission_words import (
    PermissionsInWords,
    kind_of,
    may,
    place_among_verbs,
)


def rights_of(group):
    """Pairs of a kind of row and what a group may do with it, in words."""
    verbs_of = {}
    given = group.permissions.select_related("content_type")
    for one in sorted(given, key=place_among_verbs):
        verbs_of.setdefault(kind_of(one), []).append(str(may(one)))
    kinds = sorted(verbs_of, key=lambda kind: alphabetical(str(kind)))
    return [(kind, ", ".join(verbs_of[kind])) for kind in kinds]


admin.site.unregister(Group)


@admin.register(Group)
class OwnGroupAdmin(PermissionsInWords, GroupAdmin):
    """Groups of staff; those that permissions.py makes cannot be changed here."""

    is_audited = False
    actions = None  # each is deleted on its own page, if it may be

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser and not self._is_of_the_file(obj)

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser and not self._is_of_the_file(obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        group = self.get_object(request, object_id)
        own = {"rights": rights_of(group)} if group else {}
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **own}
        )

    def _is_of_the_file(self, obj):
        return obj is not None and obj.name in GROUPS
