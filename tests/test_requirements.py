"""Each package is named with its reason, and installed by the hash of its file only."""

import re

import pytest

from tests.test_architecture import ROOT

FILES = ("requirements", "requirements-dev")
PIN = re.compile(r"^([\w.-]+)(?:\[[\w, ]+\])?==([\w.+-]+)(.*)$", re.M)
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(file):
    """Name and version of each line, with what stands behind them."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return {
        (re.sub(r"[-_.]+", "-", name.lower()), version): rest.strip()
        for name, version, rest in PIN.findall(text)
    }


@pytest.mark.parametrize("name", FILES)
def test_what_is_installed_is_what_was_named_with_a_reason(name):
    named, installed = pins(f"{name}.in"), pins(f"{name}.txt")

    assert set(named) <= set(installed), "run bin/pin"
    assert all(reason.startswith("# ") for reason in named.values())


@pytest.mark.parametrize("name", FILES)
def test_each_package_has_hashes_and_no_registry_is_named(name):
    lines = (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    assert all(PIN.match(line) or HASH.match(line) for line in lines)
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        assert HASH.match(line) or HASH.match(after), f"{line} has no hash"


def test_wherever_packages_are_installed_hashes_are_required():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for file in (ROOT / "bin/python", ROOT / "deploy/Containerfile", *documents):
        text = file.read_text(encoding="utf-8")
        for command in re.findall(r"pip install.*(?:\\\n.*)*requirements\S*", text):
            assert "--require-hashes" in command
