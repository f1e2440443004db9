"""Lists in the guided form: background reading, new recipients."""

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextInputWidget, AdminURLFieldWidget
from django.utils.translation import gettext_lazy as _

from campaign_editor.parts import Part, storable
from letters.recipients.csv_import import RecipientRowForm
from letters.recipients.language_select import language_select

MOST_ROWS = 30
BLANK_ROWS = 3


class EditorRow(Part):
    """One row of a list in the form. An empty row is left out."""

    @property
    def is_empty(self):
        return not any(str(self[name].data or "").strip() for name in self.typed)

    def what_was_typed(self):
        return {name: storable(self[name].data) for name in self.fields}

    def _ask_for(self, *names):
        for name in names:
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, _("Fill this in, or empty the row."))


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
        super().clean()
        if not self.is_empty:
            self._ask_for("title")


class RecipientEditorRow(EditorRow, RecipientRowForm):
    """A recipient, checked as those from CSV are."""

    typed = ("name", "office", "email")

    class Meta(RecipientRowForm.Meta):
        fields = ("name", "office", "email", "salutation", "language")
        help_texts = {"name": "", "office": "", "salutation": "", "language": ""}
        widgets = {
            "name": AdminTextInputWidget,
            "office": AdminTextInputWidget,
            "salutation": AdminTextInputWidget,
            "email": forms.EmailInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields["language"].widget = language_select()
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]

    def clean(self):
        super().clean()
        if not self.is_empty:
            self._ask_for("email")
            if not self.cleaned_data.get("office", "–"):
                said = _("Enter the office of “%s”, or empty the row.")
                who = self["email"].data or self["name"].data
                self.add_error("office", said % who)
        return self.cleaned_data

    def _post_clean(self):
        super()._post_clean()
        is_good = not (self.is_empty or self.errors)
        if is_good and (why := self.section.why_not(self.instance.email)):
            self.add_error("email", why)


class Rows(forms.BaseFormSet):
    """A list in the form: stored rows, then rows to correct, then blank ones."""

    def __init__(self, data, files=None, *, prefix, stored=(), rest=(), **own):
        """Read the rows from `data` if the form was sent.

        Otherwise they come from `stored`, and from the `rest` that could not be used.
        Each row is given what is its `own`.
        """
        initial = [*stored, *rest] if data is None else None
        super().__init__(data, files, prefix=prefix, initial=initial, form_kwargs=own)

    @property
    def to_correct(self):
        """Whether rows are here that somebody typed and that are not stored yet."""
        return self.is_bound and bool(self.filled_in())

    @property
    def wrong(self):
        return [row for row in self.filled_in() if not row.is_valid()]

    @property
    def first_wrong_field(self):
        """The field to correct first, as the page names it."""
        row = self.wrong[0]
        return row.add_prefix([*row.wrong, row.typed[0]][0])

    def good(self):
        """The rows that can be used; None if the list was not sent."""
        if not self.management_form.is_valid():
            return None
        return [row.cleaned_data for row in self.filled_in() if row.is_valid()]

    def filled_in(self):
        return [row for row in self if not row.is_empty]

    def rest(self):
        """The rows that cannot be used, as they were typed."""
        return [row.what_was_typed() for row in self.wrong]


def rows_of(form):
    return forms.formset_factory(
        form, Rows, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=1000
    )


ReadingRows, RecipientRows = map(rows_of, (ReadingRow, RecipientEditorRow))
