from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import model_format_dict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from staff.audit.models import AuditEntry
from staff.read_only_admin import ReadOnlyAdmin


class AboutFilter(admin.AllValuesFieldListFilter):
    """A filter of the kinds of rows, by their names in the admin's index."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            words, opens, number = str(choice["display"]).partition(" (")
            yield choice | {"display": f"{name_of(words) or '–'}{opens}{number}"}


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The audit trail, for superusers alone, to read."""

    is_audited = False
    list_display = ["at", "username", "kind", "action_in_words", "about", "count"]
    list_display_links = ["at"]
    list_filter = ["kind", "username", ("model", AboutFilter)]
    date_hierarchy = None
    fields = readonly_fields = [
        "at",
        "username",
        "kind",
        "action_in_words",
        "about",
        "rows",
        "count",
        "page",
    ]

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    @admin.display(description=_("button or page"), ordering="action")
    def action_in_words(self, entry):
        return words_of(entry.action, entry.model) or "–"

    @admin.display(description=_("kind of data"), ordering="model")
    def about(self, entry):
        return name_of(entry.model)

    @admin.display(description=_("numbers of the entries"))
    def rows(self, entry):
        return ", ".join(entry.keys) or "–"


def name_of(label):
    """What people call the rows of a model; the label of a model that is gone."""
    model = _model(label)
    return capfirst(model._meta.verbose_name_plural) if model else label


def words_of(action, label):
    """The words of the action of a list; of other buttons and pages, their names."""
    if own := admin.site._registry.get(_model(label)):
        button = getattr(own, action, None) or admin.site._actions.get(action)
        if said := getattr(button, "short_description", ""):
            return said % model_format_dict(own.opts)
    return capfirst(action.replace("_", " ").replace("-", " "))


def _model(label):
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None
