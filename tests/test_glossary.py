"""One word, one thing: docs/glossary.md, and the names of the code."""

import ast
import re
from collections import Counter, defaultdict

import pytest

from tests.test_architecture import ROOT, app_files, parsed

# One process parses the source.
pytestmark = pytest.mark.xdist_group("source")
ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)
# Django looks for these by their names.
OF_DJANGO = {"Command", "Meta", "Media"}


def rows():
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    found = [row for row in ROW.findall(text) if row[0] not in ("word", "---")]
    assert len(found) == text.count("\n| ") - text.count("\n| word ")
    return found


def definitions():
    """The files in which each public class and function stands, by its name."""
    found = defaultdict(list)
    for path, source in app_files():
        for node in parsed(source).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found[node.name].append(path)
    return found


def test_each_word_stands_once():
    words = Counter(word for word, _meaning, _code, _read in rows())

    assert len(words) > 50
    assert [word for word, times in words.items() if times > 1] == []


def test_each_name_of_the_glossary_is_defined_once():
    known = definitions()
    names = [code.strip("`") for _word, _meaning, code, _read in rows() if code != "–"]

    assert {name: known[name] for name in names if len(known[name]) != 1} == {}


def test_no_public_class_is_defined_twice():
    classes = defaultdict(list)
    for path, source in app_files():
        for node in parsed(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].append(path)

    assert len(classes) > 300
    assert {
        name: paths
        for name, paths in classes.items()
        if len(paths) > 1 and name not in OF_DJANGO
    } == {}


# What a word of the glossary has replaced.
REPLACED = re.compile(
    r"\b(darkroom|belongings?|patience|(nightly|night of|night's) forgetting|own face"
    r"|doors?)\b",
    re.IGNORECASE,
)


def test_no_word_that_was_replaced_comes_back():
    texts = dict(app_files())
    for folder, kind in (("templates", "html"), ("docs", "md"), ("bin", "py")):
        for file in (ROOT / folder).rglob(f"*.{kind}"):
            texts[file.relative_to(ROOT).as_posix()] = file.read_text(encoding="utf-8")
    # These hold words of other languages: "door" is Dutch for "by".
    texts = {path: t for path, t in texts.items() if "docs/languages/" not in path}

    assert len(texts) > 500
    assert {
        path: REPLACED.findall(text)
        for path, text in texts.items()
        if REPLACED.search(text)
    } == {}
