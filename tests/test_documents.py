"""What the documents name is there: files, links, rooms, and the code of the guide."""

import ast
import re
from importlib import import_module
from itertools import pairwise

from tests.test_architecture import ROOMS, ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
# Decisions and the list of changes say what was.
OF_TODAY = [
    document
    for document in DOCUMENTS
    if document.parent.name != "decisions" and document.name != "CHANGELOG.md"
]
# The app that the guide makes.
IN_THE_GUIDE = "pledge"


def text_of(document):
    return document.read_text(encoding="utf-8")


def test_the_picture_of_the_rooms_shows_their_order():
    text = text_of(ROOT / "docs/architecture.md")
    arrows = re.findall(r"^    ([\w& ]+) --> ([\w& ]+)$", text, re.MULTILINE)

    drawn = [tuple(rooms.split(" & ") for rooms in arrow) for arrow in arrows]
    assert drawn == list(pairwise(reversed(ROOMS)))


def test_each_file_that_is_named_is_there():
    folders = {each.name for each in ROOT.iterdir()} - {"var"}
    named = {
        (document.name, path)
        for document in OF_TODAY
        for path in re.findall(r"`((?:\w[\w.-]*/)+[\w.-]*)`", text_of(document))
        if path.split("/")[0] in folders and IN_THE_GUIDE not in path
    }

    assert len(named) > 80
    assert {each for each in named if not (ROOT / each[1]).exists()} == set()


def test_the_readme_stays_what_a_group_reads_first():
    """All else has a page in docs/running/ or docs/features.md."""
    assert text_of(ROOT / "README.md").count("\n") <= 150


def test_each_link_between_the_documents_leads_somewhere():
    links = {
        (document, link)
        for document in DOCUMENTS
        for link in re.findall(r"\]\(([^)#:]+)\)", text_of(document))
    }

    assert len(links) > 50
    assert [each for each in links if not (each[0].parent / each[1]).exists()] == []


def test_what_the_guide_imports_is_there():
    """So that the code in it does not grow old unseen."""
    blocks = re.findall(
        r"```python\n(.*?)```", text_of(ROOT / "docs/adding-an-act.md"), re.DOTALL
    )
    imported = {
        (node.module, name.name)
        for block in blocks
        if not block.startswith(" ")  # a line or two to put in somewhere
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.ImportFrom) and IN_THE_GUIDE not in node.module
        for name in node.names
    }

    assert len(imported) > 25
    missing = [
        (module, name)
        for module, name in imported
        if not hasattr(import_module(module), name) and not is_module(module, name)
    ]
    assert missing == []


def is_module(module, name):
    return (ROOT / module.replace(".", "/") / f"{name}.py").exists()


def test_each_decision_has_a_number_of_its_own():
    decisions = sorted((ROOT / "docs/decisions").glob("0*.md"))
    assert decisions

    numbers = [int(path.name[:4]) for path in decisions]
    titles = [text_of(path).splitlines()[0] for path in decisions]
    assert len(set(numbers)) == len(numbers)
    assert [title.split(".")[0] for title in titles] == [f"# {n}" for n in numbers]
