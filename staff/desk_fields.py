"""The fields of the desk's forms: those of an admin and of its rows are made alike."""

from functools import cache

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pages.day_inputs import DayInput, HourInput, MomentInput
from pages.languages import city_of

# The browser's own fields. A moment keeps its seconds, so that it stays as it is when
# nobody has changed it; it is on the site's clocks unless a form says otherwise by a
# class of its own.
INPUTS = {
    models.DateField: {"widget": DayInput},
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": MomentInput(as_text="%Y-%m-%dT%H:%M:%S"),
    },
    models.TimeField: {"widget": HourInput},
}


class DeskFields:
    """For an admin: the fields of its form.

    `when_empty` has what is said about an empty field whose label makes no sentence
    (pages/labels.py).
    """

    def __init__(self, *args, **kwargs):
        self.formfield_overrides = INPUTS | self.formfield_overrides
        super().__init__(*args, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        field.choices = [(key, capfirst(words)) for key, words in field.choices]
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if said := getattr(self, "when_empty", {}).get(db_field.name):
            field.error_messages["required"] = said
        if type(field) is forms.DateTimeField:
            said = [field.help_text, _on_the_sites_clocks()]
            field.help_text = " ".join(str(words) for words in said if words)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # Its cross looks as if it emptied the field, and deletes what was chosen.
            # Its plus does not say what it makes: the list of these has a button.
            field.widget.can_delete_related = field.widget.can_add_related = False
        return field


def _on_the_sites_clocks():
    zone = timezone.get_default_timezone_name()
    place = city_of(zone) if "/" in zone else zone
    # Translators: behind the field of a time: “In the site’s time zone: Rome.”
    return _("In the site’s time zone: %(place)s.") % {"place": place}


class DeskRows(DeskFields):
    """For the rows in the form of an admin, its inlines."""

    def get_formset(self, request, obj=None, **kwargs):
        rows = super().get_formset(request, obj, **kwargs)
        rows.form.marks_optional = True
        return rows


@cache
def as_desk_rows(inline):
    """An inline whose fields are those of the desk."""
    return type(inline.__name__, (DeskRows, inline), {})
