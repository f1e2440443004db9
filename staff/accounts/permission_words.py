"""Permissions in the words of the admin's lists, not in those of Django's tables."""

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.forms.widgets import Script
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

VERBS = {
    "view": _("see"),
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
}


def kind_of(permission):
    """What a permission is about, in the words of the admin's lists."""
    model = permission.content_type.model_class()
    return capfirst(model._meta.verbose_name_plural if model else permission.name)


def may(permission):
    """What a permission lets somebody do, as a verb."""
    return VERBS.get(_verb(permission), permission.name)


def place_among_verbs(permission):
    """For sorting: first who may see, last who may delete."""
    verb = _verb(permission)
    return list(VERBS).index(verb) if verb in VERBS else len(VERBS)


def _verb(permission):
    return permission.codename.partition("_")[0]


# What these hold has no pages here.
MACHINERY = ("account", "admin", "contenttypes", "mfa", "procrastinate", "sessions")


class PermissionsInWords(admin.ModelAdmin):
    """An admin whose form offers permissions as “Campaigns: change”."""

    class Media:
        js = [Script("js/filter-labels.js", type="module")]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            field.help_text = ""
            field.queryset = field.queryset.exclude(
                content_type__app_label__in=MACHINERY
            )
            field.label_from_instance = lambda one: f"{kind_of(one)}: {may(one)}"
        return field
