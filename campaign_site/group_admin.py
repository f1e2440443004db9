"""Groups of staff, in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from campaign_site.permissions import GROUPS

admin.site.unregister(Group)


@admin.register(Group)
class OwnGroupAdmin(GroupAdmin):
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

    def _is_of_the_file(self, obj):
        return obj is not None and obj.name in GROUPS
