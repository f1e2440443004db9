"""Two languages that nobody speaks, in which a text that is not translated shows.

en-XA has English in accented letters, ar-XB in Arabic ones, from right to left. Both
are a third longer, and put brackets round each text: ⟦…⟧, or ⟪…⟫ round a text of the
desk.
They are made of what bin/messages finds, and of the words of the packages we use.
"""

import io
import re
import sys
from pathlib import Path

import django
import django_countries
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

from tests.test_architecture import ROOT

sys.path.append(str(ROOT / "bin"))

import messages

ACCENTED, ARABIC = "en-xa", "ar-xb"
LANGUAGES = [(ACCENTED, "⟦Éñĝļîšĥ⟧"), (ARABIC, "⟦عربي⟧")]
LETTERS = {
    ACCENTED: str.maketrans(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "áƀćďéƒĝĥîĵķļɱñóþǫŕšţúṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÓÞǪŔŠŢÛṼŴẊÝŽ",
    ),
    ARABIC: str.maketrans(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ابثدهفجحيزكلمنعصقرستوطشخغضابثدهفجحيزكلمنعصقرستوطشخغض",
    ),
}
# What a program reads: placeholders, tags, entities, addresses.
AS_IT_IS = re.compile(
    r"%\(\w+\)[sdr]|%[sdr%]|\{\w*\}|<[^<>]+>|&\w+;|https?://\S+|[\w.]+@[\w.]+\w"
)
MORE = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod "


def pseudo(text: str, language: str, brackets: str = "⟦⟧") -> str:
    """The text in this language; what a program reads in it stays as it is."""
    letters = LETTERS[language]
    words, at = [], 0
    for kept in AS_IT_IS.finditer(text):
        words += [text[at : kept.start()].translate(letters), kept.group()]
        at = kept.end()
    words.append(text[at:].translate(letters))
    longer = len(AS_IT_IS.sub("", text)) // 3
    more = (MORE * (longer // len(MORE) + 1))[:longer].strip().translate(letters)
    inner = "".join(words)
    start, end = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    inner = f"{inner.strip()} {more}".strip()
    return f"{start}{brackets[0]}{inner}{brackets[1]}{end}"


def write(folder: Path) -> None:
    """Make the compiled catalogs of both languages in a folder for LOCALE_PATHS."""
    ours = messages.templates(list(messages.texts()))
    for language in LETTERS:
        catalog = Catalog(locale=language[:2])
        for source in _of_packages():
            _add(catalog, source, language, "⟦⟧")
        _add(catalog, ours["desk"], language, "⟪⟫")
        _add(catalog, ours["public"], language, "⟦⟧")
        file = io.BytesIO()
        mofile.write_mo(file, catalog)
        path = folder / messages.to_locale(language) / "LC_MESSAGES/django.mo"
        path.parent.mkdir(parents=True)
        path.write_bytes(file.getvalue())


def _of_packages():
    """The texts of Django and of the list of countries, which have translations."""
    for package in (django, django_countries):
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("locale/en/LC_MESSAGES/django.po")):
            with path.open("rb") as file:
                yield pofile.read_po(file)


def _add(catalog, source, language, brackets):
    for message in source:
        if not message.id:
            continue
        if isinstance(message.id, str):
            said = pseudo(message.id, language, brackets)
        else:
            one, several = (pseudo(each, language, brackets) for each in message.id)
            said = (one, *[several] * (catalog.num_plurals - 1))
            if catalog.num_plurals > 2:  # Arabic has a form for nothing
                said = (several, one, *said[2:])
        key = message.id, message.context
        catalog.delete(*key)
        catalog.add(message.id, said, context=message.context)
