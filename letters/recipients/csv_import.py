"""Recipients from CSV: checked row by row. Good rows are taken in, others come back."""

from django import forms
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from letters.recipients.lists import RecipientList
from letters.recipients.models import ON_THE_LIST, Recipient
from reporting import csv_files

COLUMNS = ("name", "office", "ward", "salutation", "language", "email", "is_record")
# By which other names sheets know these columns.
KNOWN = csv_files.Columns(
    COLUMNS,
    needed=("office", "email"),
    joined=("name",),
    known_as={
        "name": (
            *("full name", "official", "recipient", "person"),
            *("first name", "given name", "last name", "family name", "surname"),
        ),
        "office": ("position", "role", "function", "job title", "post"),
        "ward": ("ward or district", "district", "constituency"),
        "salutation": ("greeting",),
        "language": ("language they read",),
        "email": (
            *("e mail", "mail", "email address", "e mail address", "mail address"),
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


def labels():
    """What people call our columns, in their order."""
    fields = map(Recipient._meta.get_field, COLUMNS)
    return [capfirst(field.verbose_name) for field in fields]


class ColumnOfFile:
    """A column of a file, and which of ours it is; its page lets staff choose that."""

    def __init__(self, number, written, column):
        self.number, self.written = number, written
        ours = zip(COLUMNS, labels(), strict=True)
        self.choices = [
            ("", _("leave it out"), not column),
            *((name, label, name == column) for name, label in ours),
        ]


def columns_of(text):
    """The columns of a CSV text, to be shown."""
    header = csv_files.header_of(text)[: csv_files.MOST_COLUMNS]
    return [
        ColumnOfFile(number, written, column)
        for number, (written, column) in enumerate(
            zip(header, KNOWN.of(header), strict=True)
        )
    ]


def as_chosen(text, sent):
    """The text with a first line that says what staff have chosen for its columns.

    A choice that was made for another file changes nothing.
    """
    header = csv_files.header_of(text)
    chosen = list(header)
    for number, (written, column) in enumerate(
        zip(header[: csv_files.MOST_COLUMNS], KNOWN.of(header), strict=False)
    ):
        choice = sent.get(f"column-{number}")
        if choice is None or sent.get(f"column-{number}-written") != written:
            continue
        if choice != column and choice in COLUMNS:
            chosen[number] = choice
        elif not choice and column:
            chosen[number] = f"({written})"  # no name that we know
    return text if chosen == header else csv_files.with_header(text, chosen)


class RecipientRow:
    """A row of the file: the line it ends on, its values, and what is wrong."""

    def __init__(self, row, recipient_list, order):
        self.line, self.row = row.line, row
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


def good_among(rows, faults):
    """The rows that can be taken in; none of a file that cannot be read as a whole."""
    return [] if faults else [row for row in rows if not row.errors]


def without_good(text, rows):
    """What is left of a CSV text once its good rows are taken in."""
    left = [row.row for row in rows if row.errors]
    return csv_files.only(text, left) if left else ""


def read_for(recipient_list, text, *, takes_in):
    """Rows, faults, and how many were taken in: the good rows, if that is asked.

    If two take in the same file at once, one waits and then finds the addresses.
    """
    with transaction.atomic():
        if takes_in:
            RecipientList.objects.select_for_update().get(pk=recipient_list.pk)
        rows, faults = read(text, recipient_list)
        good = good_among(rows, faults) if takes_in else []
        Recipient.objects.bulk_create(row.form.instance for row in good)
    return rows, faults, len(good)
