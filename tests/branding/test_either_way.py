"""The pages that people read in any language run from the left or from the right."""

import re

import pytest

from tests.test_architecture import ROOT

CSS = ROOT / "static/css"
# The desk is in languages that run from the left.
OF_STAFF = {"account.css", "admin.css", "desk.css", "guided.css", "versions.css"}
# The properties that name a side all the same, by their file, and why.
WITH_A_REASON = {
    "components/forms.css": {
        "background-position": "CSS has no other words; the second rule is for rtl",
    },
    "components/panel.css": {"border-width": "a tick, which is turned"},
    "components/chart.css": {"background": "both sides have the same shade"},
}
DECLARATION = re.compile(r"(?<=[{;\s])([a-z-]+)\s*:\s*([^;{}]+?)\s*(?=[;}])")
SIDE = re.compile(r"\b(?:left|right)\b")
# A word of four sides, from the top on: top, right, bottom, left; or of four corners.
OF_FOUR = re.compile(r"^(?:margin|padding|inset|border-(?:width|style|color|radius))$")
PART = re.compile(r"(?:[^\s()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+")


def sides(source):
    """The properties by which a stylesheet names a side of the screen."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    for name, value in DECLARATION.findall(source):
        if SIDE.search(f"{name} {value}") or _differs(name, PART.findall(value)):
            yield name


def _differs(name, parts):
    """Whether the values of four sides, or corners, would not do for both ways."""
    if not OF_FOUR.match(name) or len(parts) != 4:
        return False
    first, second, third, fourth = parts
    if name == "border-radius":
        return (first, third) != (second, fourth)
    return second != fourth


def sheets():
    return [path for path in sorted(CSS.rglob("*.css")) if path.name not in OF_STAFF]


@pytest.mark.parametrize("path", sheets(), ids=lambda path: path.stem)
def test_a_stylesheet_of_public_pages_names_no_side(path):
    reasons = WITH_A_REASON.get(path.relative_to(CSS).as_posix(), {})

    assert {*sides(path.read_text(encoding="utf-8"))} == {*reasons}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("p { margin-left: 1px; }", 1),
        ("p { text-align: right }", 1),
        ("p { left: 0; float: left; }", 2),
        ("p { padding: 1px 2px 3px 4px; }", 1),
        ("p { margin: 0 calc(1px + var(--s2)) 0 0; }", 1),
        ("p { border-radius: 4px 0 0 4px; }", 1),
        ("p { border-radius: 4px 4px 0 0; padding: 1px 2px 3px 2px; }", 0),
        ("p { margin-inline: 0 1px; text-align: start; inset: auto 0 0; }", 0),
        ("/* left: 0; */ .left { color: red; }", 0),
    ],
)
def test_a_side_would_be_found(rule, found):
    assert len([*sides(rule)]) == found
