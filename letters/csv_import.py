"""Recipients from CSV: checked row by row, taken in as a whole or not at all."""

import csv
import io

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Recipient

COLUMNS = ("name", "office", "ward", "salutation", "language", "email", "is_record")
NEEDED = {"office", "email"}
MOST_ROWS = 2000
MOST_BYTES = 2 * 1024 * 1024
MOST_ORDER = 32767  # what a PositiveSmallIntegerField holds
YES = ("1", "yes", "true", "x")


class RecipientForm(forms.ModelForm):
    class Meta:
        model = Recipient
        fields = COLUMNS


class Row:
    """One row of the file: the line it ends on, what stands in it, what is wrong."""

    def __init__(self, line, values, recipient_list, order):
        self.line = line
        self.cells = [values.get(column, "") for column in COLUMNS]
        self.form = RecipientForm(
            {**values, "is_record": values.get("is_record", "").lower() in YES},
            instance=Recipient(list=recipient_list, order=order),
        )
        self.errors = [
            f"{self.form.fields[field].label}: {' '.join(errors)}"
            for field, errors in self.form.errors.items()
        ]

    @property
    def email(self):
        return self.form.instance.email


def read(text, recipient_list):
    """The rows of a CSV text with a header line; returns (rows, faults of the file)."""
    reader = csv.DictReader(
        # newline="" leaves line breaks within a cell, and lone CRs, to the reader.
        io.StringIO(text.lstrip("\ufeff"), newline=""),
        delimiter=_delimiter(text),
        skipinitialspace=True,
    )
    rows = []
    try:
        faults = _faults_of_header(reader)
        if not faults:
            _read_rows(reader, recipient_list, rows)
            if not rows:
                faults.append(_("There is no row under the first line."))
    except csv.Error as error:
        faults = [
            _("Line %(n)d cannot be read: %(why)s.")
            % {"n": reader.line_num, "why": error}
        ]
    if len(rows) > MOST_ROWS:
        faults.append(_("More than %d rows: split the file.") % MOST_ROWS)
    return rows[:MOST_ROWS], faults


def take_in(rows):
    """Store all rows; call it only when none has an error."""
    with transaction.atomic():
        for row in rows:
            row.form.save()


def _delimiter(text):
    """Excel writes semicolons where a comma is part of numbers, and tabs at times."""
    first_line = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first_line.count)


def _faults_of_header(reader):
    header = [(name or "").strip().lower() for name in reader.fieldnames or []]
    reader.fieldnames = header
    named = [name for name in header if name]  # Excel leaves empty columns at the end
    unknown = sorted(set(named) - set(COLUMNS))
    faults = []
    if not set(named) >= NEEDED:
        faults.append(_("The first line must name the columns office and email."))
    if unknown:
        faults.append(
            _("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(COLUMNS)}
        )
    if len(set(named)) < len(named):
        faults.append(_("The first line names a column twice."))
    return faults


def _read_rows(reader, recipient_list, rows):
    """Append the rows; one more than MOST_ROWS tells that there are too many."""
    last = recipient_list.recipients.order_by("order").last()
    order = last.order if last else 0
    in_office = recipient_list.recipients.in_office()
    seen = set(in_office.values_list("email", flat=True))
    for cells in reader:
        surplus = "".join([*(cells.pop(None, None) or []), cells.pop("", "") or ""])
        values = {name: (value or "").strip() for name, value in cells.items()}
        if not any(values.values()):  # Excel leaves rows of empty cells, too
            continue
        order = min(order + 1, MOST_ORDER)
        row = Row(reader.line_num, values, recipient_list, order)
        if surplus.strip():
            row.errors.append(_("There are more cells than columns."))
        if row.email in seen:
            row.errors.append(_("This list already has this address."))
        if row.email:
            seen.add(row.email)
        rows.append(row)
        if len(rows) > MOST_ROWS:
            return
