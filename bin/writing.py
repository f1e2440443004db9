"""Reads every text that people see, and prints what docs/writing.md forbids.

Texts are what Python and the templates mark for translation, and what we say in the
place of Django's own words (locale/framework/). Buttons are read in the templates once
more, each as a whole. A fault is printed as `file:line: rule: the sentence`, and makes
the exit code 1.
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
    "a number as a word; write the figure": re.compile(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
        re.IGNORECASE,
    ),
}
# What looks like a button: the tag, its attributes, and what it says.
BUTTON = re.compile(
    r"<(?P<tag>a|button|summary)\b(?P<attributes>(?:\{%.*?%\}|[^>])*)>"
    r"(?P<says>.*?)</(?P=tag)>",
    re.DOTALL,
)
HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>', re.DOTALL)
LABEL = re.compile(
    r'\{% translate "([^"]+)"|\{% blocktranslate\b.*?%\}(.*?)\{%', re.DOTALL
)
# The label of a button that another template makes.
PASSED_ON = re.compile(r'\{% translate "([^"]+)" as button %\}')


def forbidden():
    """The words of the table “not | but”, each with what to write instead."""
    table = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    words = {}
    for row in re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE):
        if row[0] != "not":
            words.update((word.strip(), row[1]) for word in row[0].split(","))
    return words


def for_staff_alone():
    """The words of the glossary that only staff read, each with what others read."""
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    found = re.findall(r"\| ([^|]+); for staff: ([^|]+) \|$", glossary, re.MULTILINE)
    return {staff: f"{others} (the glossary)" for others, staff in found}


def beginnings_of_buttons():
    """The words with which a button may begin: those of docs/writing.md."""
    text = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    section = text.partition("\n## Buttons\n")[2].partition("\n## ")[0]
    return re.compile(
        rf"(?:{'|'.join(map(re.escape, re.findall('`([^`]+)`', section)))})(?!\w)",
        re.IGNORECASE,
    )


def texts():
    """Each text with the file and line where it stands, its plural forms beside it.

    It comes with whether it stands on a page or in an email for all. Of a text in
    Python, staff may be the only readers.
    """
    for text in messages.texts():
        is_public = text.file.startswith("templates/") and not text.is_for_staff
        for form in text.forms:
            if form:
                yield text.place, form, is_public


def buttons(template):
    """Each label of a button in a template, and the line where the button begins."""
    for button in BUTTON.finditer(template):
        if button["tag"] == "button" or re.search(
            r'class="[^"]*\bbutton\b', button["attributes"]
        ):
            line = template.count("\n", 0, button.start()) + 1
            for label in LABEL.finditer(HIDDEN.sub("", button["says"])):
                yield line, " ".join((label[1] or label[2]).split())
    for label in PASSED_ON.finditer(template):
        yield template.count("\n", 0, label.start()) + 1, label[1]


def buttons_without_a_verb():
    """The buttons on public pages that say a thing or a place, with their places."""
    begins = beginnings_of_buttons()
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = str(path.relative_to(ROOT))
        if not messages.FOR_STAFF.fullmatch(name):
            for line, label in buttons(path.read_text(encoding="utf-8")):
                if not begins.match(label):
                    yield f"{name}:{line}", label


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
    words, public_words = forbidden(), forbidden() | for_staff_alone()
    django = ((place, text, False) for place, text in words_for_django())
    count = 0
    wrong = {}
    for place, text, is_public in chain(texts(), django):
        count += 1
        for rule, part in faults(text, public_words if is_public else words):
            wrong.setdefault((rule, part), place)
    for place, label in buttons_without_a_verb():
        wrong.setdefault(("a button without a verb", label), place)
    for (rule, part), place in wrong.items():
        print(f"{place}: {rule}: {part}")
    print(f"{count} texts read, {len(wrong)} faults.")
    if count < 3000:
        print("Too few: texts were not found.", file=sys.stderr)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
