"""CSV as spreadsheets write it, read with each row's line and faults in words."""

import csv
import io
from dataclasses import dataclass, field

from django import forms
from django.utils.text import format_lazy, get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 2 * 1024 * 1024
# Each row has a cell for each column: half a million columns took 92 s to read.
MOST_COLUMNS = 50
MOST_SHOWN = 100  # rows of a file that its page shows
# Signs with which a formula begins in a spreadsheet (OWASP, CSV injection). Some
# spreadsheets read the full-width signs alike.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class CsvForm(forms.Form):
    """A form that takes a CSV file or its text; `cleaned_data["text"]` is the text."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("or its text"), required=False, widget=forms.Textarea
    )

    def __init__(self, *args, columns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = format_lazy(
            _("UTF-8. The first line names the columns, of these: {names}."),
            names=", ".join(columns),
        )

    def clean(self):
        data = super().clean()
        if upload := data.get("file"):
            if upload.size > MOST_BYTES:
                raise forms.ValidationError(_("This file is too large: split it."))
            try:
                data["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(
                    _("This is not UTF-8. Save it as “CSV UTF-8”.")
                ) from None
            # The text is shown in the field when the form comes again, to be corrected
            # there.
            self.data = self.data.copy()
            self.data[self.add_prefix("text")] = data["text"]
        if not data.get("text"):
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        if "\x00" in data["text"]:
            raise forms.ValidationError(_("This is not a text file."))
        return data


@dataclass
class CsvRow:
    """The values of a row by column, the line it ends on, and what is wrong with it."""

    line: int
    values: dict
    errors: list = field(default_factory=list)


def read(text, *, columns, needed, most_rows):
    """The rows of a CSV text with a header line; returns (rows, faults of the file)."""
    reader = csv.DictReader(
        # newline="" leaves line breaks within a cell, and lone CRs, to the CSV reader.
        io.StringIO(text.lstrip("\ufeff"), newline=""),
        delimiter=_delimiter(text),
        skipinitialspace=True,
    )
    rows = []
    try:
        faults = _faults_of_header(reader, columns, needed)
        if not faults:
            rows = _rows(reader, most_rows)
            if not rows:
                faults.append(gettext("There are no rows under the first line."))
    except csv.Error as error:
        faults = [
            gettext("Line %(n)d cannot be read: %(why)s.")
            % {"n": reader.line_num, "why": error}
        ]
    if len(rows) > most_rows:
        faults.append(gettext("More than %d rows: split the file.") % most_rows)
    return rows[:most_rows], faults


def to_show(rows):
    """The rows of a file that must be corrected, or else its first rows."""
    wrong = [row for row in rows if row.errors]
    return (wrong or rows)[:MOST_SHOWN]


def lines(header, rows):
    """CSV to be streamed, however long; no cell is a formula for a spreadsheet."""
    writer = csv.writer(_Echo())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


def guarded(value):
    """The value as a cell that no spreadsheet takes for a formula."""
    text = str(value)
    is_formula = text.startswith(FORMULA_STARTS) and not isinstance(value, int)
    return f"'{text}" if is_formula else text


class _Echo:
    """A file that returns what is written, so that `csv` can stream."""

    def write(self, line):
        return line


def _delimiter(text):
    """Excel writes semicolons where numbers have a comma, and sometimes tabs."""
    first_line = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first_line.count)


def _faults_of_header(reader, columns, needed):
    header = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if len(header) > MOST_COLUMNS:
        return [gettext("The first line names more than %d columns.") % MOST_COLUMNS]
    reader.fieldnames = header
    named = [name for name in header if name]  # Excel leaves empty columns at the end
    unknown = sorted(set(named) - set(columns))
    faults = []
    if not set(needed) <= set(named):
        faults.append(
            ngettext(
                "The first line must name the column %s.",
                "The first line must name the columns %s.",
                len(needed),
            )
            % get_text_list(needed, gettext("and"))
        )
    if unknown:
        faults.append(
            gettext("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(columns)}
        )
    if len(set(named)) < len(named):
        faults.append(gettext("The first line names a column twice."))
    return faults


def _rows(reader, most_rows):
    """The rows; one more than most_rows shows that there are too many."""
    rows = []
    for cells in reader:
        surplus = "".join([*(cells.pop(None, None) or []), cells.pop("", "") or ""])
        values = {name: (value or "").strip() for name, value in cells.items()}
        if not any(values.values()):  # Excel leaves rows of empty cells, too
            continue
        row = CsvRow(reader.line_num, values)
        if surplus.strip():
            row.errors.append(gettext("There are more cells than columns."))
        rows.append(row)
        if len(rows) > most_rows:
            break
    return rows
