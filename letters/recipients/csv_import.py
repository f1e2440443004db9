"""Recipients from CSV: checked row by row, and taken in as a whole or not at all."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from letters.recipients.lists import RecipientList
from letters.recipients.models import Recipient
from reporting import csv_files

COLUMNS = ("name", "office", "ward", "salutation", "language", "email", "is_record")
NEEDED = ("office", "email")
MOST_ROWS = 2000
MOST_ORDER = 32767  # the most that a PositiveSmallIntegerField holds
YES = ("1", "yes", "true", "x")


class RecipientRowForm(forms.ModelForm):
    class Meta:
        model = Recipient
        fields = COLUMNS


class RecipientRow:
    """A row of the file: the line it ends on, its values, and what is wrong."""

    def __init__(self, row, recipient_list, order):
        self.line = row.line
        self.cells = [row.values.get(column, "") for column in COLUMNS]
        is_record = row.values.get("is_record", "").lower() in YES
        self.form = RecipientRowForm(
            {**row.values, "is_record": is_record},
            instance=Recipient(list=recipient_list, order=order),
        )
        self.errors = [
            f"{self.form.fields[field].label}: {' '.join(errors)}"
            for field, errors in self.form.errors.items()
        ] + row.errors

    @property
    def email(self):
        return self.form.instance.email


def read(text, recipient_list):
    """The rows of a CSV text with a header line; returns (rows, faults of the file).

    The list may be one that is not stored yet: nobody is on it.
    """
    found, faults = csv_files.read(
        text, columns=COLUMNS, needed=NEEDED, most_rows=MOST_ROWS
    )
    people = Recipient.objects.filter(list=recipient_list.pk)
    last = people.order_by("order").last()
    order = last.order if last else 0
    in_office = people.in_office()
    seen = set(in_office.values_list("email", flat=True))
    rows = []
    for number, each in enumerate(found, 1):
        row = RecipientRow(each, recipient_list, min(order + number, MOST_ORDER))
        if row.email in seen:
            row.errors.append(_("This address is already on the list."))
        if row.email:
            seen.add(row.email)
        rows.append(row)
    return rows, faults


def are_good(rows, faults):
    return bool(rows) and not faults and not any(row.errors for row in rows)


def read_for(recipient_list, text, *, takes_in):
    """Rows, faults, and how many were taken in: all rows, if asked and all are good.

    If two take in the same file at once, one waits and then finds the addresses.
    """
    with transaction.atomic():
        if takes_in:
            RecipientList.objects.select_for_update().get(pk=recipient_list.pk)
        rows, faults = read(text, recipient_list)
        if not (takes_in and are_good(rows, faults)):
            return rows, faults, 0
        Recipient.objects.bulk_create(row.form.instance for row in rows)
    return rows, faults, len(rows)
