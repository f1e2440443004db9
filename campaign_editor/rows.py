"""Lists in the guided form, such as that of background reading."""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget, AdminURLFieldWidget
from django.utils.translation import gettext_lazy as _

from campaign_editor.parts import Part

MOST_ROWS = 30
BLANK_ROWS = 3


class EditorRow(Part):
    """One row of a list in the form. An empty row is left out."""

    @property
    def is_empty(self):
        return not any(str(self[name].data or "").strip() for name in self.typed)


class ReadingRow(EditorRow, forms.Form):
    typed = ("title", "url")
    title = forms.CharField(
        label=_("Title"), max_length=250, widget=AdminTextInputWidget
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=200,
        widget=AdminURLFieldWidget,
        assume_scheme="https",
    )

    def clean(self):
        data = super().clean()
        if not self.is_empty and not data.get("title", "–"):
            self.add_error("title", _("Fill this in, or empty the row."))
        return data


class Rows(forms.BaseFormSet):
    """A list in the form: stored rows, and then blank ones."""

    def __init__(self, data, files=None, *, prefix, stored=(), **own):
        """Read the rows from `data` if the form was sent, or else from `stored`.

        Each row is given what is its `own`.
        """
        initial = list(stored) if data is None else None
        super().__init__(data, files, prefix=prefix, initial=initial, form_kwargs=own)

    @property
    def to_correct(self):
        """Whether rows are here that somebody typed and that are not stored yet."""
        return self.is_bound and bool(self.filled_in())

    @property
    def wrong(self):
        return [row for row in self.filled_in() if not row.is_valid()]

    def good(self):
        """The rows that can be used; None if the list was not sent."""
        if not self.management_form.is_valid():
            return None
        return [row.cleaned_data for row in self.filled_in() if row.is_valid()]

    def filled_in(self):
        return [row for row in self if not row.is_empty]


def rows_of(form):
    return forms.formset_factory(
        form, Rows, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=1000
    )


ReadingRows = rows_of(ReadingRow)
