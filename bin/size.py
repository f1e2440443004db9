"""Prints how large the house is; bin/size is the way in.

A line of code has something on it other than a comment or a docstring. Migrations are
not counted. The app is all Python but bin/, bench/ and tests/.
"""

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections import Counter
from pathlib import Path

from run_tests import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ("bin", "bench", "tests")
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
OWNERS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def main():
    lines = Counter()
    for path in files("*.py"):
        if "/migrations/" not in path:
            lines[path.partition("/")[0]] += lines_of_code(text_of(path))
    beside = {name: lines.pop(name) for name in BESIDE}
    documents = files("docs/*.md")
    decisions = [path for path in documents if path.startswith("docs/decisions/")]

    for room, number in lines.most_common():
        show(f"  {room}", number)
    show("code lines of the app", lines.total())
    for name, number in beside.items():
        show(f"code lines of {name}/", number)
    show("tables", tables())
    show("documented settings", rows_of("docs/running/settings.md", r"\| `"))
    show("templates", len(files("templates/*.html")))
    show("entries of the glossary", rows_of("docs/glossary.md", r"\| (?!word|---)"))
    show("decision pages", len(decisions))
    show("  words of them", words(decisions))
    show("words of docs, with them", words(documents))


def show(what, number):
    print(f"{what:<32}{number:>8,}")


def files(pattern):
    """The files in Git, and those that would come into it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern]
    found = subprocess.check_output(command, text=True, cwd=ROOT).splitlines()
    return [path for path in found if (ROOT / path).exists()]


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def lines_of_code(source):
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, OWNERS) and ast.get_docstring(node, clean=False):
            docstring = node.body[0]
            found.difference_update(range(docstring.lineno, docstring.end_lineno + 1))
    return len(found)


def tables():
    """The tables of our own models, and of their many-to-many fields."""
    os.environ.update(ENVIRONMENT, DATABASE_URL="postgres:///unused")
    sys.path.insert(0, str(ROOT))
    import django
    from django.apps import apps

    django.setup()
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    models = apps.get_models(include_auto_created=True)
    return len({m._meta.db_table for m in models if m._meta.app_label in rooms})


def rows_of(path, start):
    return len(re.findall(f"^{start}", text_of(path), re.MULTILINE))


def words(paths):
    return sum(len(text_of(path).split()) for path in paths)


if __name__ == "__main__":
    main()
