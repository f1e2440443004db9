"""Reads every text that people see, and prints what docs/writing.md forbids.

Texts are what Python and the templates mark for translation, and what we say in the
place of Django's own words (locale/en/). A fault is printed as
`file:line: rule: the sentence`, and makes the exit code 1.
"""

import io
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import django.conf
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
NOT_READ = ("tests/", "bench/", "bin/")

# Where the text, its plural and its context stand among the arguments.
CONTEXT = (1, "c")
FUNCTIONS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (CONTEXT, 2),
    "pgettext_lazy": (CONTEXT, 2),
    "npgettext": (CONTEXT, 2, 3),
    "npgettext_lazy": (CONTEXT, 2, 3),
}

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


def sources():
    """Each file that may hold texts, and its text as Python that can be tokenized."""
    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)
    for name in listed.splitlines():
        if name.startswith(NOT_READ) or not (ROOT / name).exists():
            continue
        if name.endswith(".py"):
            yield name, (ROOT / name).read_text(encoding="utf-8")
        elif name.startswith("templates/"):
            template = (ROOT / name).read_text(encoding="utf-8")
            lines = templatize(template, origin=name).split("\n")
            # What is left of the template is no Python, and its indents mean nothing.
            yield name, "\n".join(line.lstrip() for line in lines)


def texts():
    """Each text with the file and line where it stands, its plural forms beside it."""
    for name, source in sources():
        found = extract_python(
            io.BytesIO(source.encode()), FUNCTIONS, [], {"encoding": "utf-8"}
        )
        for line, function, messages, _comments in found:
            forms = (messages,) if isinstance(messages, str) else messages
            if "pgettext" in function:
                forms = forms[1:]
            for form in forms:
                if form:
                    yield f"{name}:{line}", form


def words_for_django():
    """Each text that stands in the place of one of Django's, and where."""
    for catalog in sorted((ROOT / "locale/en/LC_MESSAGES").glob("*.po")):
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
    django.conf.settings.configure()
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
