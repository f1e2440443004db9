"""CSV for spreadsheets, as all files of staff are written."""

import csv
import io
import re
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils import translation

# Signs with which a formula begins in a spreadsheet (OWASP, CSV injection). Some
# spreadsheets read the full-width signs alike.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where numbers have a comma, Excel parts the cells of any file at semicolons.
_BEFORE_FORMULA = re.compile(r"([;\t\r\n])(?=[=+\-@＝＋－＠])")


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


def as_read(rows):
    """A text that says what was read of a sheet, for its page alone.

    Its cells are as somebody wrote them: no spreadsheet gets it.
    """
    file = io.StringIO()
    file.write("sep=,\n")
    csv.writer(file).writerows(rows)
    return file.getvalue().rstrip("\r\n")
