"""Recipients from a sheet: checked row by row. Good rows are taken in."""

from django import forms
from django.db import transaction

from letters.recipients.lists import RecipientList
from letters.recipients.models import ON_THE_LIST, Recipient
from reporting import sheets

COLUMNS = ("name", "office", "email", "ward", "salutation", "language", "is_record")
# By which other names sheets know these columns.
KNOWN = sheets.Columns(
    COLUMNS,
    model=Recipient,
    needed=("office", "email"),
    joined=("name",),
    known_as={
        "name": (*sheets.NAMES_OF_A_PERSON, "official", "recipient"),
        "office": ("position", "role", "function", "job title", "post"),
        "ward": ("ward or district", "ward district", "district", "constituency"),
        "salutation": ("greeting",),
        "language": ("language they read",),
        "email": (
            *sheets.NAMES_OF_AN_ADDRESS,
            *("contact email", "official email", "work email"),
        ),
        "is_record": ("official record", "record"),
    },
    perhaps={"title": "office"},
)
MOST_ROWS = 2000
MOST_ORDER = 32767  # the most that a PositiveSmallIntegerField holds
YES = ("1", "yes", "true", "x")


class RecipientRowForm(forms.ModelForm):
    class Meta:
        model = Recipient
        fields = COLUMNS


def look_at(sheet, recipient_list):
    """Make a recipient of each row of a sheet, and say what is wrong with it.

    Returns those who can be added to the list. It may be one that is not stored yet:
    nobody is on it.
    """
    people = Recipient.objects.filter(list=recipient_list.pk)
    last = people.order_by("order").last()
    order = last.order if last else 0
    seen = set(people.in_office().values_list("email", flat=True))
    found = {}
    for number, row in enumerate(sheet.rows, 1):
        is_record = row.values.get("is_record", "").lower() in YES
        person = Recipient(list=recipient_list, order=min(order + number, MOST_ORDER))
        form = RecipientRowForm({**row.values, "is_record": is_record}, instance=person)
        for name, errors in form.errors.items():
            row.refuse(name, *errors)
        if person.email in seen:
            row.refuse("email", ON_THE_LIST)
        if person.email:
            seen.add(person.email)
        found[row.line] = person
    return [found[row.line] for row in sheet.good]


def take_in(sheet, recipient_list):
    """Add the good rows; returns how many.

    If two take in the same file at once, one waits and then finds the addresses.
    """
    with transaction.atomic():
        RecipientList.objects.select_for_update().get(pk=recipient_list.pk)
        people = look_at(sheet, recipient_list)
        Recipient.objects.bulk_create(people)
    return len(people)
