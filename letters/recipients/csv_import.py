"""Recipients from CSV: checked row by row. Good rows are taken in, others come back."""

from django import forms
from django.db import transaction

from letters.recipients.lists import RecipientList
from letters.recipients.models import ON_THE_LIST, Recipient
from reporting import csv_files

COLUMNS = ("name", "office", "email", "ward", "salutation", "language", "is_record")
# By which other names sheets know these columns.
KNOWN = csv_files.Columns(
    COLUMNS,
    model=Recipient,
    needed=("office", "email"),
    joined=("name",),
    known_as={
        "name": (*csv_files.NAMES_OF_A_PERSON, "official", "recipient"),
        "office": ("position", "role", "function", "job title", "post"),
        "ward": ("ward or district", "district", "constituency"),
        "salutation": ("greeting",),
        "language": ("language they read",),
        "email": (
            *csv_files.NAMES_OF_AN_ADDRESS,
            *("contact email", "official email", "work email"),
        ),
        "is_record": ("official record", "record"),
    },
)
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
        self.line, self.cells = row.line, row.cells
        self.shown = row.shown
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
    found, faults = csv_files.read(text, KNOWN, most_rows=MOST_ROWS)
    people = Recipient.objects.filter(list=recipient_list.pk)
    last = people.order_by("order").last()
    order = last.order if last else 0
    in_office = people.in_office()
    seen = set(in_office.values_list("email", flat=True))
    rows = []
    for number, each in enumerate(found, 1):
        row = RecipientRow(each, recipient_list, min(order + number, MOST_ORDER))
        if row.email in seen:
            row.errors.append(ON_THE_LIST)
        if row.email:
            seen.add(row.email)
        rows.append(row)
    return rows, faults


def read_for(recipient_list, text, *, takes_in):
    """Rows, faults, and how many were taken in: the good rows, if that is asked.

    If two take in the same file at once, one waits and then finds the addresses.
    """
    with transaction.atomic():
        if takes_in:
            RecipientList.objects.select_for_update().get(pk=recipient_list.pk)
        rows, faults = read(text, recipient_list)
        good = csv_files.good_among(rows, faults) if takes_in else []
        Recipient.objects.bulk_create(row.form.instance for row in good)
    return rows, faults, len(good)
