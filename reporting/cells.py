"""What stands in the cells of a sheet, as people and their spreadsheets write it."""

import csv
import io
import re


def understood(values):
    """The values of a row as people mean them, who write for a spreadsheet.

    An address may stand as “Ken Weir <ken@council.example>” or as a link, and a name as
    “Weir, Ken”.
    """
    values = dict(values)
    if "email" in values:
        values["email"], name = _address_in(values["email"])
        if name and not values.get("name"):
            values["name"] = name
    if values.get("name"):
        values["name"] = _in_order(values["name"])
    return values


def _address_in(text):
    """The address in a cell, and the name that stands before it."""
    text, name = text.strip(" \t;,"), ""
    before, opened, inside = text.partition("<")
    if opened and "@" in inside and inside.endswith(">"):
        name, text = before.strip(" \t\"'"), inside[:-1].strip()
    if text.lower().startswith("mailto:"):
        text = text[len("mailto:") :].partition("?")[0]
    return text.strip(), name


# What stands after a name and a comma, and is no first name.
_AFTER_A_NAME = {
    *("jr", "sr", "ii", "iii", "iv", "esq", "phd", "md", "mp", "mep", "msp", "qc"),
    *("kc", "obe", "mbe", "cbe", "dds", "jd", "mba", "ba", "ma", "msc", "bsc", "cpa"),
}


def _in_order(name):
    """“Weir, Ken” as “Ken Weir”; “Hall, Jr.” stays."""
    family, comma, first = (part.strip() for part in name.partition(","))
    words = [word.strip(".").replace(".", "").lower() for word in first.split()]
    is_name = comma and family and 0 < len(words) <= 3 and "," not in first
    if is_name and not _AFTER_A_NAME & set(words):
        return f"{first} {family}"
    return name


# The first line by which Excel learns what stands between cells.
_EXCELS_LINE = re.compile(
    r"\s*\"?sep=([,;|\t])\"?[^\S\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE
)


def _begun(text):
    """The text without its mark of encoding, and what Excel's line says, or ""."""
    text = text.lstrip("\ufeff")
    found = _EXCELS_LINE.match(text)
    return (text[found.end() :], found[1]) if found else (text, "")


def _delimiter(text):
    """Excel writes semicolons where numbers have a comma, and sometimes tabs."""
    text, said = _begun(text)
    first_line = text.lstrip().partition("\n")[0]
    return said or max(",;\t", key=first_line.count)


def reader_of(text):
    return csv.reader(
        # newline="" leaves line breaks within a cell, and lone CRs, to the CSV reader.
        io.StringIO(_begun(text)[0], newline=""),
        delimiter=_delimiter(text),
        skipinitialspace=True,
    )
