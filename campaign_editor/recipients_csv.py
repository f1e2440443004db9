"""Recipients from CSV, in the guided form."""

from functools import cached_property

from campaign_editor.parts import storable
from letters.models import RecipientList
from letters.recipients import csv_import
from reporting import csv_files
from reporting.csv_files import CsvForm


class RecipientsCsv:
    """The field for CSV: its preview comes first, and then a button takes it in.

    `section` is the part of the form that knows the list of recipients.
    """

    taken_in = 0

    def __init__(self, section, data, files):
        self.section, self.data, self.files = section, data, files
        self.form = CsvForm(data, files, columns=csv_import.KNOWN, prefix="csv")

    @cached_property
    def text(self):
        """What nobody has taken in yet, with the columns that were chosen for it."""
        if self.data is None:
            return ""
        if not self.form.is_valid():
            return storable(self._typed)
        return csv_import.KNOWN.as_chosen(self.form.cleaned_data["text"], self.data)

    @cached_property
    def rows(self):
        """The rows of the CSV that waits, and what is wrong with the file."""
        if not self.text:
            return [], []
        known = self.section.chosen_list
        if known and not self.section.is_own(known):
            return [], [self.section.SHARED]
        return csv_import.read(self.text, known or RecipientList())

    @property
    def good(self):
        """How many rows can be added."""
        return len(csv_files.good_among(*self.rows))

    @property
    def wrong(self):
        return sum(bool(row.errors) for row in self.rows[0])

    @property
    def columns_of_file(self):
        return csv_import.KNOWN.in_file(self.text)

    @property
    def shown(self):
        return csv_files.to_show(self.rows[0])

    @property
    def fault(self):
        """Why what was sent cannot be read at all."""
        if self.form.is_valid() or not self.is_filled_in:
            return ""
        return " ".join(self.form.non_field_errors())

    def take_in(self, known):
        """Add what the preview has shown to this list."""
        if not (self.text and self.form.is_valid() and self.section.is_own(known)):
            return
        rows, _faults, self.taken_in = csv_import.read_for(
            known, self.text, takes_in=True
        )
        if self.taken_in:
            self.text = csv_files.without_good(self.text, rows)

    @property
    def is_filled_in(self):
        was_sent = self._typed or (self.files and "csv-file" in self.files)
        return self.data is not None and bool(was_sent)

    @property
    def _typed(self):
        """The text in the field; a line break alone is nothing, as for the form."""
        return self.data.get("csv-text", "").strip() if self.data is not None else ""
