"""docs/threats.md names tests: they are there."""

import ast
import re

from tests.test_architecture import ROOT

THREATS = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", THREATS)))


def test_every_test_that_is_named_exists():
    assert len(NAMED) > 50
    for file, name in NAMED:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text, f"{file}::{name}"


def test_none_of_them_waits_for_a_release():
    waiting = []
    for file, name in NAMED:
        marks = []
        for node in ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                marks += map(ast.unparse, node.decorator_list)
            elif ast.unparse(node).startswith("pytestmark ="):
                marks.append(ast.unparse(node))
        if any(re.search(r"\bmark\.release\b|^release$", mark) for mark in marks):
            waiting.append(f"{file}::{name}")

    assert waiting == []


def test_every_risk_has_a_proof():
    rows = re.findall(r"^\| (?!risk|---)(.+) \|$", THREATS, re.M)

    assert [row for row in rows if not re.search(r"`(bench/)?[\w/]+\.py", row)] == []
