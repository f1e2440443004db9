"""Sheets of people, read from CSV as spreadsheets write it.

A page shows what was read, with the columns that the sheet has, and takes in the good
rows. What is wrong in the others is mended there, in a table. All pages that read
people from a file use this.
"""

import codecs
import csv
import re
from dataclasses import dataclass, field
from hashlib import sha256

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from pages.languages import listed
from reporting.cells import reader_of, understood
from reporting.csv_files import as_read

MOST_BYTES = 2 * 1024 * 1024
# Each row has a cell for each column: half a million columns took 92 s to read.
MOST_COLUMNS = 50
MOST_SHOWN = 100  # rows of a file that its page shows; a form has a thousand fields
# By which names sheets know a person's name and address.
FAMILY_NAMES = ("last name", "family name", "surname")
NAMES_OF_A_PERSON = (
    *("full name", "person", "first name", "given name", "middle name"),
    *FAMILY_NAMES,
)
NAMES_OF_AN_ADDRESS = (
    *("e mail", "mail", "email address", "e mail address", "mail address"),
)


class CsvForm(forms.Form):
    """A form that takes a CSV file or its text; `cleaned_data["text"]` is the text.

    `columns` are those that it may have, for a word of help.
    """

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("Or paste its text"), required=False, widget=forms.Textarea
    )

    def __init__(self, *args, columns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = columns.help_text

    def clean(self):
        data = super().clean()
        if upload := data.get("file"):
            if upload.size > MOST_BYTES:
                raise forms.ValidationError(_("This file is too large: split it."))
            data["text"] = _decoded(upload.read())
        if not data.get("text"):
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        if len(data["text"].encode(errors="replace")) > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: split it."))
        return data


def _decoded(content):
    """The text of a file: in UTF-8, or in UTF-16 that says so in its first bytes.

    Any other encoding is refused. What Excel writes without a choice is CP949 in Korea,
    GBK in China and Latin-1 in Europe, and the bytes of names are good in several of
    these: a guess would store wrong names without a word.
    """
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:  # so is UTF-16 that does not say so, and what is no text
        raise forms.ValidationError(_("This is not UTF-8. Save it as “CSV UTF-8”."))
    return text


class Columns:
    """The columns that we read of a sheet, and by which other names they are known.

    They are fields of `model`, whose labels people read. A further column of the sheet
    is left out. Columns of `joined` may come in several parts, such as a first and a
    last name. A name in `perhaps` means a column only where no other name does.
    """

    def __init__(self, names, *, model, needed, known_as, joined=(), perhaps=None):
        self.names, self.model = names, model
        self.needed, self.joined = needed, joined
        self._known_as, self._perhaps = known_as, perhaps or {}
        self._column_of = {_normal(name): name for name in names}
        for name, others in known_as.items():
            self._column_of |= dict.fromkeys(map(_normal, others), name)

    @cached_property
    def labels(self):
        """What people call our columns, by name."""
        fields = map(self.model._meta.get_field, self.names)
        return {field.name: field.verbose_name for field in fields}

    @property
    def help_text(self):
        words = ngettext_lazy(
            "Save it as “CSV UTF-8”. We need this column: {names}.",
            "Save it as “CSV UTF-8”. We need these columns: {names}.",
            len(self.needed),
        )
        others = [name for name in self.names if name not in self.needed]
        also = format_lazy(
            _("We can also read: {names}."),
            names=listed([self._said(name) for name in others]),
        )
        return format_lazy("{} {}", format_lazy(words, names=listed(self.needed)), also)

    def _said(self, name):
        """A name that people can write; one of our code has another that is known."""
        return self._known_as[name][0] if "_" in name else name

    def of(self, header):
        """The column of each cell of a first line; empty where there is none."""
        found = [self._column_of.get(_normal(name), "") for name in header]
        for place, written in enumerate(header):
            name = self._perhaps.get(_normal(written))
            if name and name not in found:
                found[place] = name
        return found

    def places_in(self, header):
        """The places in a first line of each of our columns that it names."""
        places = {}
        for place, name in enumerate(self.of(header)):
            if name:
                places.setdefault(name, []).append(place)
        for name in self.joined:  # a family name comes last
            is_family = [_normal(written) in FAMILY_NAMES for written in header]
            if name in places:
                places[name].sort(key=is_family.__getitem__)
        return places

    def faults_of(self, header, places):
        if len(header) > MOST_COLUMNS:
            most = gettext("The first line names more than %d columns.")
            return [most % MOST_COLUMNS]
        faults = []
        if lacking := [name for name in self.needed if name not in places]:
            words = ngettext(
                "Choose which column of your sheet is this: %s.",
                "Choose which columns of your sheet are these: %s.",
                len(lacking),
            )
            faults.append(words % listed([self._said(name) for name in lacking]))
        single = [len(found) for n, found in places.items() if n not in self.joined]
        if max(single, default=0) > 1:
            faults.append(gettext("The first line names a column twice."))
        return faults


def _normal(name):
    """A name of a column, alike in all its spellings: E-Mail, e_mail and "e mail"."""
    return " ".join(_BETWEEN_WORDS.sub(" ", name).lower().split())


_BETWEEN_WORDS = re.compile(r"[-_.:*/()]")


@dataclass
class Row:
    """The values of a row by column, the line it ends on, and what is wrong with it.

    `cells` are those of the sheet, in its order.
    """

    line: int
    cells: list
    values: dict
    # What stands in cells without a column.
    surplus: str = ""
    # (column or "", sentence)
    errors: list = field(default_factory=list)

    def refuse(self, column, *sentences):
        self.errors += [(column, sentence) for sentence in sentences]


class Sheet:
    """A CSV text with a header line, as the page shows it that takes it in.

    `sent` is what its page sent: which columns are which, and what was mended. What is
    left of a sheet has the `places` that were chosen in it. An app looks at the rows,
    says by `refuse()` what is wrong, and takes in the `good` ones.
    """

    most_shown = MOST_SHOWN

    def __init__(self, text, columns, *, most_rows, sent=None, places=None):
        self.columns, self.sent = columns, sent or {}
        self.text, self._most = text, most_rows
        self.header, self.places, self.rows, self.faults = [], {}, [], []
        reader = reader_of(self.text)
        try:
            self.header = next(reader, [])
            found = columns.places_in(self.header[: MOST_COLUMNS + 1])
            self.places = places or self._chosen(found) or found
            if any(name.startswith("row-") for name in self.sent):
                reader = self._mend(reader)
            self.faults = columns.faults_of(self.header, self.places)
            if not self.faults:
                self._read(reader)
        except csv.Error as error:
            said = gettext("Line %(n)d cannot be read: %(why)s.")
            self.faults = [said % {"n": reader.line_num, "why": error}]

    def _chosen(self, found):
        """The places of our columns, as the page says; a choice is of one header."""
        if self.sent.get("header") != self.mark:
            return None
        places = {}
        for name, parts in self._selects(found).items():
            for part in parts:
                typed = self.sent.get(part, "")
                is_place = typed.isascii() and typed.isdecimal() and len(typed) < 4
                if is_place and int(typed) < len(self.header):
                    places.setdefault(name, []).append(int(typed))
        return places

    @property
    def mark(self):
        """By this the page says for which header a choice was made."""
        return sha256("\n".join(self.header).encode()).hexdigest()[:16]

    def _selects(self, places):
        """The names of the selects of each of our columns."""
        return {
            name: [
                f"column-{name}" + (f"-{number}" if number else "")
                for number in range(
                    max(2, len(places.get(name, ())))
                    if name in self.columns.joined
                    else 1
                )
            ]
            for name in self.columns.names
        }

    def _mend(self, reader):
        """Put what was mended into the text; returns a reader of its rows."""
        header, rows = list(self.header), []
        for cells in reader:
            row = f"row-{reader.line_num}-"
            if f"{row}out" in self.sent:
                continue
            before = understood(self._values(cells))
            mended = {
                name: self.sent[row + name]
                for name in self.columns.names
                if self.sent.get(row + name, before.get(name, ""))
                != before.get(name, "")
            }
            is_empty = self.sent.get(f"{row}more") == ""
            left = self._without_surplus(cells) if is_empty else cells
            rows.append(self._with(left, mended, header))
        self.header = header
        self.text = as_read([header, *rows])
        reader = reader_of(self.text)
        next(reader, None)
        return reader

    def _with(self, cells, mended, header):
        """The cells of a row with these values; a column that is new gets a place."""
        cells = list(cells)
        for name, value in mended.items():
            if name not in self.places:
                self.places[name] = [len(header)]
                header.append(name)
            first, *others = self.places[name]
            cells += [""] * (first + 1 - len(cells))
            cells[first] = value
            for place in others:
                if place < len(cells):
                    cells[place] = ""
        return cells

    def _values(self, cells):
        return {
            name: " ".join(filter(None, (_cell(cells, place) for place in places)))
            for name, places in self.places.items()
        }

    @property
    def _ours(self):
        """The places of all columns that we read."""
        return {place for places in self.places.values() for place in places}

    def _is_surplus(self, place):
        """Whether no column of the sheet is there."""
        if place >= len(self.header):
            return True
        return not self.header[place].strip() and place not in self._ours

    def _without_surplus(self, cells):
        return ["" if self._is_surplus(n) else cell for n, cell in enumerate(cells)]

    def _read(self, reader):
        """The rows; Excel leaves rows of empty cells, too."""
        nowhere = [n for n in range(len(self.header)) if self._is_surplus(n)]
        for cells in reader:
            values = self._values(cells)
            if not any(values.values()):
                continue
            if len(self.rows) == self._most:
                most = gettext("More than %d rows: split the file.")
                self.faults.append(most % self._most)
                return
            row = Row(reader.line_num, cells, understood(values))
            beyond = [_cell(cells, n) for n in nowhere] + cells[len(self.header) :]
            row.surplus = " ".join(filter(None, beyond)).strip()
            if row.surplus:
                row.refuse("", gettext("There are more cells than columns."))
            self.rows.append(row)
        if not self.rows:
            self.faults.append(gettext("There are no rows under the first line."))

    @property
    def wrong(self):
        return [row for row in self.rows if row.errors]

    @property
    def good(self):
        """The rows that can be taken in; none of a sheet that cannot be read."""
        return [] if self.faults else [row for row in self.rows if not row.errors]

    def without_good(self):
        """What is left once the good rows are taken in; empty if nothing is."""
        if not (left := [row.cells for row in self.wrong]):
            return ""
        return as_read([self.header, *left])

    # For its page.

    @property
    def selects(self):
        """For each of our columns: its label, its name, and the columns to choose."""
        for name, selects in self._selects(self.places).items():
            label = capfirst(self.columns.labels[name])
            chosen = self.places.get(name, [])
            for number, select in enumerate(selects):
                yield {
                    "label": _("%s, next part") % label if number else label,
                    "name": select,
                    "choices": [
                        (place, written, place in chosen[number : number + 1])
                        for place, written in enumerate(self.header[:MOST_COLUMNS])
                    ],
                }

    @property
    def left_out(self):
        """The columns of the sheet that are none of ours, as it writes them."""
        ours = self._ours
        found = enumerate(self.header[:MOST_COLUMNS])
        return [written for n, written in found if n not in ours and written.strip()]

    @property
    def shown(self):
        """Our columns that the page shows: those of the sheet, and what rows lack."""
        wrong = {column for row in self.rows for column, _why in row.errors}
        needed = (*self.places, *self.columns.needed, *wrong)
        return [name for name in self.columns.names if name in needed]

    @property
    def heads(self):
        return [capfirst(self.columns.labels[name]) for name in self.shown]

    @property
    def first_rows(self):
        """The first rows, as we understand them."""
        shown = self.shown
        for row in self.rows[: self.most_shown]:
            yield row.line, [row.values.get(name, "") for name in shown]

    @cached_property
    def to_mend(self):
        """The first rows with faults: each with its fields, and what is wrong there."""
        shown, found, is_first = self.shown, [], True
        for row in self.wrong[: self.most_shown]:
            fields = []
            for name in (*shown, *([""] if row.surplus else [])):
                errors = [why for column, why in row.errors if column == name]
                label = self.columns.labels[name] if name else _("further cells")
                field = {
                    "label": capfirst(label),
                    "name": f"row-{row.line}-{name or 'more'}",
                    "value": row.values.get(name, "") if name else row.surplus,
                    "errors": errors,
                    "is_first": bool(errors) and is_first,
                }
                fields.append(field)
                is_first = is_first and not errors
            found.append({"line": row.line, "fields": fields})
        return found


def sheet_of(request, columns, *, most_rows):
    """The form that reads a file, and the sheet that was sent with it, or None."""
    sent = request.POST or None
    form = CsvForm(sent, request.FILES or None, columns=columns)
    if not (form.is_bound and form.is_valid()):
        return form, None
    text = form.cleaned_data["text"]
    sheet = Sheet(text, columns, most_rows=most_rows, sent=request.POST)
    return CsvForm(columns=columns), sheet


def _cell(cells, place):
    return cells[place].strip() if place < len(cells) else ""
