"""What is wrong with the texts of the source and with their translations."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

import messages

PLACEHOLDER = re.compile(r"%\([^)]*\)[^a-zA-Z]*[a-zA-Z]|%[sdr%]|\{[^{}]*\}")
# A number without a name must stay: filling in a text that has no place for it fails.
NUMBER = re.compile(r"%\((?:n|count|counter|number|total)\)[sd]|\{\}")
# Also one that is not closed: a browser reads on to where the next one is.
TAG = re.compile(r"<[^<>]*>?")
ENDS = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)
ENGLISH = "en"


def faults(languages: Iterable[str]) -> Iterator[str]:
    """What is wrong, a sentence each; visitors can choose among `languages`."""
    found = list(messages.texts())
    yield from chain.from_iterable(
        hidden_names(name, source)
        for name, source in messages.sources()
        if name.endswith(".py")
    )
    for text in found:
        yield from (f"{text.place}: {fault}" for fault in of_text(text))
    yield from without_context(found)
    for path, content in messages.up_to_date():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            name = path.relative_to(messages.ROOT)
            yield f"{name}: it is not what the source says. Run bin/messages."
    for component in messages.COMPONENTS:
        complete = {messages.to_locale(each) for each in {*languages} - {ENGLISH}}
        paths = {p.parent.parent.name: p for p in messages.translations(component)}
        if component == "desk":  # staff can choose those that there are
            complete &= paths.keys()
        for locale in sorted(complete - paths.keys()):
            yield f"locale/{component}: {locale} has no translation."
        for locale, path in paths.items():
            whole = locale in complete
            name = path.relative_to(messages.ROOT)
            for fault in of_catalog(messages.read(path), must_be_whole=whole):
                yield f"{name}: {fault}"


def hidden_names(name: str, source: str) -> Iterator[str]:
    """Imports of gettext by names under which its texts would not be found."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.module != "django.utils.translation":
            continue
        for each in node.names:
            called = each.asname or each.name
            if "gettext" in each.name and called not in messages.FUNCTIONS:
                yield f"{name}:{node.lineno}: texts of “{called}” are not found."
            if called == "_" and messages.FUNCTIONS.get(each.name) is not None:
                yield f"{name}:{node.lineno}: “_” takes one text and no context."


def of_text(text: messages.Text) -> Iterator[str]:
    """What keeps a text of the source from being translated well."""
    if None in text.forms:
        yield "a text that is not written out cannot be found."
        return
    for form in text.forms:
        unnamed = [p for p in PLACEHOLDER.findall(form) if p in ("%s", "%d", "{}")]
        if len(unnamed) > 1:
            yield f"several placeholders without a name, in: {form}"


def without_context(found: Iterable[messages.Text]) -> Iterator[str]:
    """Single words in so many places that they may have several meanings."""
    files: dict[str, set[str]] = {}
    for text in found:
        word = text.forms[0]
        if word is None or text.context or len(word.split()) > 1:
            continue
        files.setdefault(word, set()).add(text.file)
    fit = messages.words_of_one_meaning()
    for word, places in files.items():
        if len(places) >= 3 and word not in fit:
            yield (
                f"“{word}” stands in {len(places)} files and has no context. Give it "
                f"one, or a line in locale/one-meaning.txt: {', '.join(sorted(places))}"
            )
    for word in sorted(fit - files.keys()):
        yield f"locale/one-meaning.txt: “{word}” stands nowhere any more."


def of_catalog(catalog: Catalog, *, must_be_whole: bool) -> Iterator[str]:
    """What is wrong in a translation; `must_be_whole` lets nothing be left out."""
    plural = get_plural(catalog.locale)
    if catalog.num_plurals != plural.num_plurals:
        yield f"it has {catalog.num_plurals} plural forms, not {plural.num_plurals}."
    for message in catalog:
        if not message.id:
            continue
        forms = _forms(message.string)
        said = _forms(message.id)[0]
        if message.fuzzy:  # it is not compiled
            if must_be_whole:
                yield f"fuzzy: {said}"
            continue
        if not any(forms):
            if must_be_whole:
                yield f"missing: {said}"
            continue
        for fault in of_translation(message, catalog.num_plurals):
            yield f"{fault}: {said}"


def of_translation(message: Message, plurals: int) -> Iterator[str]:
    """What a translation leaves out of its text, or adds to it."""
    source, forms = _forms(message.id), _forms(message.string)
    if len(source) > 1 and len(forms) != plurals:
        yield f"{len(forms)} plural forms, not {plurals}"
    for number, form in enumerate(forms):
        if not form:
            yield f"plural form {number} is missing"
            continue
        given = Counter(PLACEHOLDER.findall(form))
        is_last = number == len(forms) - 1
        # A singular may name what only the English singular names.
        if not is_last and given == Counter(PLACEHOLDER.findall(source[0])):
            wanted = given
        else:
            wanted = Counter(PLACEHOLDER.findall(source[-1]))
        # “One day” needs no number.
        for placeholder in (wanted - given).elements():
            if len(source) == 1 or is_last or not NUMBER.fullmatch(placeholder):
                yield f"“{placeholder}” is missing"
        for placeholder in (given - wanted).elements():
            yield f"“{placeholder}” is too much"
        if Counter(TAG.findall(form)) != Counter(TAG.findall(source[-1])):
            yield "other HTML tags"
        # One would end an attribute of HTML in which the text stands.
        if form.count('"') != source[-1].count('"'):
            yield "other straight quotes"
        if ENDS.match(form).groups() != ENDS.match(source[-1]).groups():
            yield "other spaces at the beginning or end"


def _forms(text):
    return (text,) if isinstance(text, str) else tuple(text)
