"""Lists of the admin whose rows come from what people and the site do."""

from django.contrib import admin


class NeverAddedAdmin(admin.ModelAdmin):
    """To look at and to act on; nobody adds or deletes these by hand."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(NeverAddedAdmin):
    """To look at; nobody changes these by hand either."""

    def has_change_permission(self, request, obj=None):
        return False
