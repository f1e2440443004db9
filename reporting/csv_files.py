"""CSV as spreadsheets write it, read with each row's line and faults in words."""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field
from itertools import islice

from django import forms
from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from pages.languages import listed

MOST_BYTES = 2 * 1024 * 1024
# Each row has a cell for each column: half a million columns took 92 s to read.
MOST_COLUMNS = 50
MOST_SHOWN = 100  # rows of a file that its page shows
# By which names sheets know a person's name and address.
NAMES_OF_A_PERSON = (
    *("full name", "person"),
    *("first name", "given name", "last name", "family name", "surname"),
)
NAMES_OF_AN_ADDRESS = (
    *("e mail", "mail", "email address", "e mail address", "mail address"),
)
# Signs with which a formula begins in a spreadsheet (OWASP, CSV injection). Some
# spreadsheets read the full-width signs alike.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where numbers have a comma, Excel parts the cells of any file at semicolons.
_BEFORE_FORMULA = re.compile(r"([;\t\r\n])(?=[=+\-@＝＋－＠])")


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
            # The text is shown in the field when the form comes again, to be corrected
            # there.
            self.data = self.data.copy()
            self.data[self.add_prefix("text")] = data["text"]
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


@dataclass
class CsvRow:
    """The values of a row by column, the line it ends on, and what is wrong with it.

    `cells` are those of the file, in its order; `shown` are those of our columns.
    """

    line: int
    cells: list
    values: dict
    shown: list
    errors: list = field(default_factory=list)


class ColumnOfFile:
    """A column of a file, and which of ours it is; its page lets staff choose that."""

    def __init__(self, number, written, chosen, ours):
        self.number, self.written = number, written
        self.choices = [
            ("", _("leave it out"), not chosen),
            *((name, label, name == chosen) for name, label in ours),
        ]


class Columns:
    """The columns that we read of a file, and by which other names they are known.

    They are fields of `model`, whose labels people read. A further column of the file
    is left out. Columns of `joined` may come in several parts, such as a first and a
    last name.
    """

    def __init__(self, names, *, model, needed, known_as, joined=()):
        self.names, self.model = names, model
        self.needed, self.joined = needed, joined
        self._known_as = known_as
        self._column_of = {_normal(name): name for name in names}
        for name, others in known_as.items():
            self._column_of |= dict.fromkeys(map(_normal, others), name)

    @property
    def labels(self):
        """What people call our columns, in their order."""
        fields = map(self.model._meta.get_field, self.names)
        return [capfirst(field.verbose_name) for field in fields]

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
        return [self._column_of.get(_normal(name), "") for name in header]

    def in_file(self, text):
        """The columns of a CSV text, to be shown."""
        header = header_of(text)[:MOST_COLUMNS]
        ours = list(zip(self.names, self.labels, strict=True))
        return [
            ColumnOfFile(number, written, column, ours)
            for number, (written, column) in enumerate(
                zip(header, self.of(header), strict=True)
            )
        ]

    def as_chosen(self, text, sent):
        """The text with a first line that says what staff have chosen for its columns.

        A choice that was made for another file changes nothing.
        """
        header = header_of(text)
        chosen = list(header)
        for number, (written, column) in enumerate(
            zip(header[:MOST_COLUMNS], self.of(header), strict=False)
        ):
            choice = sent.get(f"column-{number}")
            if choice is None or sent.get(f"column-{number}-written") != written:
                continue
            if choice != column and choice in self.names:
                chosen[number] = choice
            elif not choice and column:
                chosen[number] = f"({written})"  # no name that we know
        return text if chosen == header else _with_header(text, chosen)

    def faults_of(self, header):
        if len(header) > MOST_COLUMNS:
            most = gettext("The first line names more than %d columns.")
            return [most % MOST_COLUMNS]
        found = [name for name in self.of(header) if name]
        faults = []
        if not set(self.needed) <= set(found):
            faults.append(
                ngettext(
                    "The first line must name the column %s.",
                    "The first line must name the columns %s.",
                    len(self.needed),
                )
                % listed(self.needed)
            )
        single = [name for name in found if name not in self.joined]
        if len(set(single)) < len(single):
            faults.append(gettext("The first line names a column twice."))
        return faults


def _normal(name):
    """A name of a column, alike in all its spellings: E-Mail, e_mail and "e mail"."""
    return " ".join(_BETWEEN_WORDS.sub(" ", name).lower().split())


_BETWEEN_WORDS = re.compile(r"[-_.:*]")


def read(text, columns, *, most_rows):
    """The rows of a CSV text with a header line; returns (rows, faults of the file)."""
    rows = []
    reader = _reader(text)
    try:
        header = next(reader, [])
        faults = columns.faults_of(header)
        if not faults:
            rows = _rows(reader, header, columns, most_rows)
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


def header_of(text):
    """The cells of the first line, as they are written there."""
    try:
        return next(_reader(text), [])
    except csv.Error:
        return []


def _with_header(text, header):
    """The text with another first line; as it is, if it cannot be read."""
    reader = _reader(text)
    try:
        next(reader, None)
        return _written(text, [header, *reader])
    except csv.Error:
        return text


def without_good(text, rows):
    """What is left of a CSV text once its good rows are taken in."""
    left = [row.cells for row in rows if row.errors]
    return _written(text, [header_of(text), *left]) if left else ""


def good_among(rows, faults):
    """The rows that can be taken in; none of a file that cannot be read as a whole."""
    return [] if faults else [row for row in rows if not row.errors]


def to_show(rows):
    """The rows of a file that must be corrected, or else its first rows."""
    wrong = [row for row in rows if row.errors]
    return (wrong or rows)[:MOST_SHOWN]


def download(name, header, rows):
    """A file of this name with the lines, for a browser to keep.

    A file that people read has the words of its page's language. One that comes back
    to us, or that a program checks, names its columns alike in all of them.
    """
    return StreamingHttpResponse(
        lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def lines(header, rows):
    """CSV to be streamed, however long; no cell is a formula for a spreadsheet.

    Its words are those of the present language, though it is read when the page is
    done.
    """
    return _lines(header, rows, translation.get_language())


def _lines(header, rows, language):
    writer = csv.writer(_Echo())
    rows = iter(rows)
    with translation.override(language):
        first = [str(name) for name in header]
    yield writer.writerow(first)
    while True:
        with translation.override(language):
            some = [[guarded(cell) for cell in row] for row in islice(rows, 100)]
        if not some:
            return
        yield "".join(map(writer.writerow, some))


def guarded(value):
    """The value as a cell that no spreadsheet takes for a formula."""
    text = _BEFORE_FORMULA.sub(r"\1'", str(value))
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


def _reader(text):
    return csv.reader(
        # newline="" leaves line breaks within a cell, and lone CRs, to the CSV reader.
        io.StringIO(text.lstrip("\ufeff"), newline=""),
        delimiter=_delimiter(text),
        skipinitialspace=True,
    )


def _written(text, lines):
    file = io.StringIO()
    csv.writer(file, delimiter=_delimiter(text)).writerows(lines)
    return file.getvalue().rstrip("\r\n")


def _rows(reader, header, columns, most_rows):
    """The rows; one more than most_rows shows that there are too many."""
    rows = []
    found = columns.of(header)
    for cells in reader:
        values, surplus = {}, "".join(cells[len(header) :])
        for name, written, cell in zip(found, header, cells, strict=False):
            if name:
                parts = [values.get(name, ""), cell.strip()]
                values[name] = " ".join(filter(None, parts))
            elif not written.strip():
                surplus += cell
        if not any(values.values()):  # Excel leaves rows of empty cells, too
            continue
        shown = [values.get(name, "") for name in columns.names]
        row = CsvRow(reader.line_num, cells, values, shown)
        if surplus.strip():
            row.errors.append(gettext("There are more cells than columns."))
        rows.append(row)
        if len(rows) > most_rows:
            break
    return rows
