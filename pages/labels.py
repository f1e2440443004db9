"""The label of a form's field, and what is said when nothing was entered there.

Django's forms end each label with a colon, and call every empty field “This field”.
Ours end it with nothing and name the field, on public pages, in the admin and on the
pages of accounts alike. A field whose label makes no sentence brings its own words.

A form that `marks_optional` says at its labels which fields may stay empty. A field
that is not required, but may not stay empty either, has `is_optional = False`.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.long_select import LongSelect

# A longer label is a clause more often than the name of a thing: it is quoted.
LONGEST_NAME = 3
OF_DJANGO = forms.Field.default_error_messages["required"]


class NamedField(BoundField):
    """A field of a form under its label, as Django's forms make one for each field."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.required and field.error_messages["required"] is OF_DJANGO:
            field.error_messages["required"] = _missing(field, str(self.label))

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """What Django adds, but no name or state of a field that nobody sees."""
        made = super().build_widget_attrs(attrs, widget)
        if not (widget or self.field.widget).is_hidden:
            return made
        return {name: made[name] for name in made if not name.startswith("aria-")}

    @property
    def is_optional(self) -> bool:
        """Whether its label says that it may stay empty."""
        field = self.field
        if not getattr(self.form, "marks_optional", False) or field.disabled:
            return False
        may_be_empty = not (field.required or isinstance(field, forms.BooleanField))
        return getattr(field, "is_optional", may_be_empty)

    @property
    def optional_mark(self) -> SafeString:
        """What stands behind its label if it may stay empty; else nothing."""
        if not self.is_optional:
            return SafeString("")
        return format_html(' <span class="optional">{}</span>', _("(optional)"))

    def label_tag(
        self,
        contents: str | None = None,
        attrs: dict[str, Any] | None = None,
        label_suffix: str | None = "",
        tag: str | None = None,
    ) -> SafeString:
        words = str(self.label) if contents is None else contents
        words = format_html("{}{}", words, self.optional_mark)
        return super().label_tag(words, attrs, label_suffix or "", tag)


class Renderer(DjangoTemplates):
    """Django's way to render a form, with our fields in it."""

    bound_field_class = NamedField


def missing(field: forms.Field, label: str) -> str:
    """What to do about a field that is empty: “Enter the title.”"""
    is_chosen = isinstance(field, (forms.ChoiceField, forms.FileField))
    is_chosen = is_chosen or isinstance(field.widget, LongSelect)
    if isinstance(field, forms.BooleanField):
        return _("Tick the box if this is so.")
    if label.endswith("?"):
        return _("Answer this question.")
    # Other languages than ours have their own rule for a name inside a sentence.
    is_long = "," in label or len(label.split()) > LONGEST_NAME
    if is_long or get_language() != "en":
        quoted = {"label": capfirst(label)}
        if is_chosen:
            return _("Choose one under “%(label)s”.") % quoted
        return _("Fill in “%(label)s”.") % quoted
    # A capital that begins a word of capitals, such as CSV, stays.
    inside = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    named = {"label": inside}
    if is_chosen:
        # Translators: a label, such as “Campaign”, inside a sentence. Quote it if its
        # article depends on the word.
        return _("Choose the %(label)s.") % named
    # Translators: as “Choose the %(label)s.”
    return _("Enter the %(label)s.") % named


_missing = lazy(missing, str)
