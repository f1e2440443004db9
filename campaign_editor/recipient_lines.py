"""Recipients pasted as lines, such as “Ann Lee, Mayor, mayor@council.example”."""

import re

from django.conf import settings

from letters.recipients.csv_import import KNOWN
from pages.languages import code_of

MOST_LINES = 100
# Both begin where a word does. Else a long line without an address takes minutes.
_ADDRESS = re.compile(r"(?<![^\s,;<>()\"])[^\s,;<>()\"]+@[^\s,;<>()\"]+")
# What is meant as an address, and is none: “ann.lee(at)example.org”, “ann.lee@”.
_MEANT = re.compile(
    r"(?<![^\s,;<>\"])[^\s,;<>\"]*(?:@|[(\[]at[)\]])[^\s,;<>\"]*", re.IGNORECASE
)
_BETWEEN = re.compile(r"[,;|\t]| {3,}")
_AROUND = " \t<>()\"'-–—:"


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
