"""What is long by nature runs with bin/test --release, and when its file is named.

These are soaks, thousands of rows, servers and backups that are started, and each page
in each language: marked `release`. All other tests run each time, with all values, and
so does each one that docs/threats.md names.
What a whole run with --release came to is written into .ci/last-release.
"""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / ".ci/last-release"
OUTCOMES = ("passed", "failed", "error", "skipped")
_began = datetime.now(UTC)


def pytest_addoption(parser):
    parser.addoption(
        "--release",
        action="store_true",
        help="run what is long by nature, too, as before a release",
    )


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "release: long by nature, run before a release (bin/check --release)"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    names_a_file = any(".py" in argument for argument in config.args)
    if not config.option.release and not names_a_file:
        config.hook.pytest_deselected(items=leave_out(items))


def leave_out(items):
    """Take what is marked out of these tests, and return it."""
    left_out = [item for item in items if item.get_closest_marker("release")]
    items[:] = [item for item in items if not item.get_closest_marker("release")]
    return left_out


def pytest_terminal_summary(terminalreporter, config):
    option = config.option
    is_whole = config.args == config.getini("testpaths") and not (
        option.keyword or option.markexpr or option.collectonly
    )
    if option.release and is_whole:
        counts = {name: len(terminalreporter.getreports(name)) for name in OUTCOMES}
        RESULT.write_text(result_of(counts, datetime.now(UTC)), encoding="utf-8")


def result_of(counts, now):
    """The commit, its day, how many tests had each outcome, and how long they took."""
    commit = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    name = subprocess.run(commit, capture_output=True, text=True, check=True).stdout
    outcomes = ", ".join(
        f"{number} {name}" for name, number in counts.items() if number
    )
    return (
        f"commit {name.strip()}\n"
        f"day {_began:%Y-%m-%d}\n"
        f"tests {outcomes}\n"
        f"minutes {(now - _began).total_seconds() / 60:.0f}\n"
    )
