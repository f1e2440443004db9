"""Reads every text that people see, and prints what docs/writing.md forbids.

Texts are what Python and the templates mark for translation, and what we say in the
place of Django's own words (locale/framework/). A fault is printed as
`file:line: rule: the sentence`, and makes the exit code 1.
"""

import io
import re
import sys
from itertools import chain
from pathlib import Path

from babel.messages.pofile import read_po

import messages

ROOT = Path(__file__).resolve().parent.parent

# The longest sentence that docs/writing.md allows.
WORDS = 20
# The Automated Readability Index (Smith and Senter 1967) of a text, in school years.
# Nine is read at about 14; shorter texts than these say too little to be measured.
SCHOOL_YEARS = 9
MEASURED_FROM = 10

# “The mail” is forbidden; “the mail server” is its name.
PROPER = " (?:apps?|domains?|servers?|services?)"

TURNS = {
    "begins with “Who”": re.compile(
        r"^Who (?:has|have|is|was|had|signs|writes|follows|confirms|comments)\b.*[^?]$"
    ),
    "an inverted condition": re.compile(
        r"^(?:Is|Are|Was|Were|Has|Have|Had|Does|Do|Did|Should|Would) \w.*, .*[^?]$"
    ),
    "a dash": re.compile(r"\s[–—]\s|—"),
    "a bare UTC": re.compile(r"\bUTC\b"),
}


def forbidden():
    """The words of the table “not | but”, each with what to write instead."""
    table = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    words = {}
    for row in re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE):
        if row[0] != "not":
            words.update((word.strip(), row[1]) for word in row[0].split(","))
    return words


def texts():
    """Each text with the file and line where it stands, its plural forms beside it."""
    for text in messages.texts():
        yield from ((text.place, form) for form in text.forms if form)


def words_for_django():
    """Each text that stands in the place of one of Django's, and where."""
    for catalog in sorted((ROOT / "locale/framework/en/LC_MESSAGES").glob("*.po")):
        for message in read_po(io.BytesIO(catalog.read_bytes())):
            forms = message.string
            for form in (forms,) if isinstance(forms, str) else forms:
                if message.id:
                    yield f"{catalog.relative_to(ROOT)}:{message.lineno}", form


def sentences(text):
    """The sentences of a text, without tags; each placeholder counts as a word."""
    plain = re.sub(r"<[^>]+>", "", text)
    plain = re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", "X", plain)
    parts = re.split(r"(?<=[.!?:])[”’\")]*\s+|\n\s*\n", plain)
    return [" ".join(part.split()) for part in parts if part.strip()]


def school_years(parts):
    words = sum(len(part.split()) for part in parts)
    letters = sum(len(re.sub(r"\W", "", part)) for part in parts)
    return 4.71 * letters / words + 0.5 * words / len(parts) - 21.43


def faults(text, forbidden_words):
    """What is wrong with one text: pairs of a rule and the words that break it."""
    parts = sentences(text)
    for part in parts:
        if len(part.split()) > WORDS:
            yield f"{len(part.split())} words, at most {WORDS}", part
        for rule, turn in TURNS.items():
            if turn.search(part):
                yield rule, part
        for word, instead in forbidden_words.items():
            if re.search(
                rf"(?<!\w){re.escape(word)}(?!\w|{PROPER})", part, re.IGNORECASE
            ):
                yield f"“{word}”; write: {instead}", part
    if sum(len(part.split()) for part in parts) >= MEASURED_FROM:
        years = school_years(parts)
        if years > SCHOOL_YEARS:
            yield f"{years:.1f} school years, at most {SCHOOL_YEARS}", " ".join(parts)


def main():
    messages.use_settings()
    words = forbidden()
    count = 0
    wrong = {}
    for place, text in chain(texts(), words_for_django()):
        count += 1
        for rule, part in faults(text, words):
            wrong.setdefault((rule, part), place)
    for (rule, part), place in wrong.items():
        print(f"{place}: {rule}: {part}")
    print(f"{count} texts read, {len(wrong)} faults.")
    if count < 3000:
        print("Too few: texts were not found.", file=sys.stderr)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
