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

    fault = ""
    taken_in = 0

    def __init__(self, section, data, files):
        self.section, self.unfinished = section, section.unfinished
        self.data, self.files = data, files
        self.form = CsvForm(
            data,
            files,
            columns=csv_import.KNOWN,
            prefix="csv",
            initial={"text": self.unfinished.csv},
        )

    @cached_property
    def rows(self):
        """The rows of the CSV that waits, and what is wrong with the file."""
        if not self.unfinished.csv:
            return [], []
        known = self.section.recipient_list
        if known and not self.section.is_own(known):
            return [], [self.section.SHARED]
        return csv_import.read(self.unfinished.csv, known or RecipientList())

    @property
    def good(self):
        """How many rows can be added."""
        return len(csv_files.good_among(*self.rows))

    @property
    def wrong(self):
        return sum(bool(row.errors) for row in self.rows[0])

    @property
    def columns_of_file(self):
        return csv_import.KNOWN.in_file(self.unfinished.csv)

    @property
    def shown(self):
        return csv_files.to_show(self.rows[0])

    @property
    def typed(self):
        if not self.form.is_valid():
            return ""
        text = self.form.cleaned_data["text"]
        return csv_import.KNOWN.as_chosen(text, self.data)

    def save(self, takes_in):
        """Keep the CSV for its preview, or take in what the preview has shown."""
        if not self.form.is_valid() and self._was_sent:
            self.fault = " ".join(self.form.non_field_errors())
            self.unfinished.csv = storable(self._text)
            return
        self.unfinished.csv = self.typed
        if not takes_in or not self.unfinished.csv:
            return
        known = self.section.letter.recipient_list
        if not self.section.is_own(known):
            return
        rows, _faults, self.taken_in = csv_import.read_for(
            known, self.unfinished.csv, takes_in=True
        )
        if self.taken_in:
            self.unfinished.csv = csv_files.without_good(self.unfinished.csv, rows)

    @property
    def is_filled_in(self):
        return self.data is not None and self._was_sent

    @property
    def _was_sent(self):
        return bool(self._text or (self.files and "csv-file" in self.files))

    @property
    def _text(self):
        """The text in the field; a line break alone is nothing, as for the form."""
        return self.data.get("csv-text", "").strip()
