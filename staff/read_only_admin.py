"""Admins of rows that are made by what people and the site do."""

from django.contrib import admin

from staff.long_lists import LongPaginator


class NeverAddedAdmin(admin.ModelAdmin):
    """Staff look at rows and act on them, but add or delete none by hand.

    There may be millions of them.
    """

    show_full_result_count = False
    paginator = LongPaginator

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(NeverAddedAdmin):
    """Staff look at rows, and do not change them by hand either."""

    def has_change_permission(self, request, obj=None):
        return False
