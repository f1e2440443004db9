"""Recipients from CSV: checked row by row, taken in as a whole or not at all."""

import csv
import io

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Recipient

COLUMNS = ("name", "office", "ward", "salutation", "language", "email", "is_record")
MOST_ROWS = 2000


class RecipientForm(forms.ModelForm):
    class Meta:
        model = Recipient
        fields = COLUMNS


class Row:
    """One line of the file: its number there, what stands in it, what is wrong."""

    def __init__(self, number, values, recipient_list, seen):
        self.number = number
        self.values = values
        yes = (values.get("is_record") or "").strip().lower() in (
            "1",
            "yes",
            "true",
            "x",
        )
        instance = Recipient(list=recipient_list, order=number)
        self.form = RecipientForm({**values, "is_record": yes}, instance=instance)
        self.errors = [
            f"{self.form.fields[field].label if field in self.form.fields else ''}: "
            f"{' '.join(errors)}".lstrip(": ")
            for field, errors in self.form.errors.items()
        ]
        email = (values.get("email") or "").strip().lower()
        if email in seen:
            self.errors.append(_("This list already has this address."))
        seen.add(email)

    @property
    def cells(self):
        return [self.values.get(column) or "" for column in COLUMNS]


def read(text, recipient_list):
    """The rows of a CSV text with a header line; returns (rows, faults of the file)."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True)
    header = [(name or "").strip().lower() for name in reader.fieldnames or []]
    unknown = sorted(set(header) - set(COLUMNS))
    faults = []
    if not {"office", "email"} <= set(header):
        faults.append(_("The first line must name the columns office and email."))
    if unknown:
        faults.append(
            _("Unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(COLUMNS)}
        )
    if faults:
        return [], faults
    reader.fieldnames = header
    seen = {
        email.lower()
        for email in recipient_list.recipients.in_office().values_list(
            "email", flat=True
        )
    }
    rows = []
    try:
        for number, values in enumerate(reader, 2):
            if number > MOST_ROWS:
                faults.append(_("More than %d rows: split the file.") % MOST_ROWS)
                break
            values.pop(None, None)
            rows.append(Row(number, values, recipient_list, seen))
    except csv.Error as error:
        faults.append(
            _("Line %(n)d cannot be read: %(why)s.")
            % {"n": len(rows) + 2, "why": error}
        )
    if not rows and not faults:
        faults.append(_("There is no row under the first line."))
    return rows, faults


def take_in(rows):
    """Store all rows; call it only when none has an error."""
    with transaction.atomic():
        for row in rows:
            row.form.save()
