"""Recipients pasted as lines, such as “Ann Lee, Mayor, mayor@council.example”.

Each line becomes a row of the guided form, so that it is checked, stored and given back
like one that was typed there.
"""

import re

from django.conf import settings

from letters.recipients.csv_import import KNOWN
from pages.languages import code_of

FIELD = "letter-lines"
ROWS = "recipient"
MOST_LINES = 100
_MOST_ROWS = 900  # with those that the form has already
# Both begin where a word does. Else a long line without an address takes minutes.
_ADDRESS = re.compile(r"(?<![^\s,;<>()\"])[^\s,;<>()\"]+@[^\s,;<>()\"]+")
# What is meant as an address, and is none: “ann.lee(at)example.org”, “ann.lee@”.
_MEANT = re.compile(
    r"(?<![^\s,;<>\"])[^\s,;<>\"]*(?:@|[(\[]at[)\]])[^\s,;<>\"]*", re.IGNORECASE
)
_BETWEEN = re.compile(r"[,;|\t]| {3,}")
_AROUND = " \t<>()\"'-–—:"


def as_rows(data):
    """What was sent, with its lines as rows; as it is, if there are too many."""
    lines = lines_of(data.get(FIELD, "")) if data is not None else []
    total = f"{ROWS}-TOTAL_FORMS"
    if not lines or len(lines) > MOST_LINES:
        return data
    known = data.get(total, "")
    there = int(known) if known.isascii() and known.isdigit() and len(known) < 5 else 0
    if there > _MOST_ROWS:
        return data
    data = data.copy()
    data[FIELD] = ""
    data[total] = str(there + len(lines))
    data.setdefault(f"{ROWS}-INITIAL_FORMS", "0")
    for number, line in enumerate(lines, there):
        for name, value in values_of(line).items():
            data[f"{ROWS}-{number}-{name}"] = value
    return data


def lines_of(text):
    """The lines that name somebody: no empty ones, and not the heads of a sheet."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and "@" not in lines[0]:
        heads = [head.strip() for head in _BETWEEN.split(lines[0])]
        if len(heads) > 1 and all(KNOWN.of(heads)):
            return lines[1:]
    return lines


def values_of(line):
    """The name, the office, the address and the language in a line.

    One part alone is the office. What stands after the address is the language that
    they read, if it is one of ours.
    """
    found = _ADDRESS.search(line) or _MEANT.search(line)
    email = found[0].removeprefix("mailto:").rstrip(".") if found else ""
    rest, language = (line.replace(found[0], ",", 1) if found else line), ""
    if found:
        after = code_of(line[found.end() :].strip(f"{_AROUND},;|"))
        if after in dict(settings.LANGUAGES):
            rest, language = line[: found.start()], after
    parts = [part for each in _BETWEEN.split(rest) if (part := each.strip(_AROUND))]
    name, *office = parts if len(parts) > 1 else ["", *parts]
    known = {"name": name, "office": ", ".join(office), "email": email}
    return known | ({"language": language} if language else {})
