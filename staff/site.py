"""The admin site: what each page of it can rely on, our own and another app's alike."""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest, SuspiciousOperation, ValidationError
from django.db import DataError


class StaffSite(admin.AdminSite):
    """Answers a key or a filter that is none in words: Django's own fails."""

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register a model, its admin with what all admins of this site share."""
        own = admin_class or admin.ModelAdmin
        shared = type(own.__name__, (WithKeysChecked, own), {})
        super().register(model_or_iterable, shared, **options)

    def admin_view(self, view, cacheable=False):
        """A page of staff. A query that the database cannot read is a bad request."""

        @wraps(view)
        def asked(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except DataError as error:
                if not request.GET:  # what was posted has passed a form
                    raise
                raise BadRequest from error
            except SuspiciousOperation as error:  # a field that nobody may name
                raise BadRequest from error

        return super().admin_view(asked, cacheable)


class WithKeysChecked(admin.ModelAdmin):
    """An admin for which what cannot be the key of a row is the key of none."""

    def response_action(self, request, *args, **kwargs):
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        keys = [key for key in chosen if can_be(self.opts.pk, key)]
        request.POST.setlist(ACTION_CHECKBOX_NAME, keys)
        return super().response_action(request, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            widget = KeySelect(db_field, self.admin_site, using=using)
            kwargs.setdefault("widget", widget)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KeySelect(AutocompleteSelect):
    """Django's own looks a typed key up before anybody has checked it."""

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if can_be(self.field.target_field, key)]
        return super().optgroups(name, keys, attr)


def can_be(field, value):
    try:
        field.to_python(value)
    except ValidationError:
        return False
    return True
