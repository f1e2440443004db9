"""docs/threats.md names tests: they are there."""

import re

from tests.test_architecture import ROOT

THREATS = (ROOT / "docs/threats.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists():
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", THREATS)

    assert len(named) > 50
    for file, name in named:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text, f"{file}::{name}"


def test_every_risk_has_a_proof():
    rows = re.findall(r"^\| (?!risk|---)(.+) \|$", THREATS, re.M)

    assert [row for row in rows if not re.search(r"`(bench/)?[\w/]+\.py", row)] == []
