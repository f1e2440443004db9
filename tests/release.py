"""What is long by nature runs with bin/test --release, and when its file is named.

These are soaks, thousands of rows, servers and backups that are started, and each page
in each language: marked `release`. All other tests run each time, with all values, and
so does each one that docs/threats.md names.
What a run with --release came to is written into .ci/last-release: of everything, or
of these tests alone (`-m release`). It needs a commit, which the result names.
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
    if is_recorded(config) and (changes := uncommitted()):
        raise pytest.UsageError(
            f"A release is tried at a commit. Commit this first:\n{changes}"
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


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if is_recorded(config):
        counts = {name: len(terminalreporter.getreports(name)) for name in OUTCOMES}
        which = "those marked release" if config.option.markexpr else "all"
        result = result_of(exitstatus == 0, which, counts, datetime.now(UTC))
        RESULT.write_text(result, encoding="utf-8")


def is_recorded(config):
    """Whether this process runs all tests of a release, or hands them out."""
    option = config.option
    return (
        option.release
        and option.markexpr in ("", "release")
        and config.args == config.getini("testpaths")
        and not (option.keyword or option.collectonly or hasattr(config, "workerinput"))
    )


def uncommitted():
    """What differs from the commit, except for the result of an earlier run."""
    others = f":!{RESULT.relative_to(ROOT)}"
    return git("status", "--porcelain", "--", ".", others)


def result_of(is_well, which, counts, now):
    """Whether all is well, at which commit and on which day; and what was run."""
    outcomes = ", ".join(
        f"{number} {name}" for name, number in counts.items() if number
    )
    return (
        f"result {'passed' if is_well else 'failed'}\n"
        f"commit {git('rev-parse', '--short=8', 'HEAD')}\n"
        f"day {_began:%Y-%m-%d}\n"
        f"tests {which}: {outcomes}\n"
        f"minutes {(now - _began).total_seconds() / 60:.0f}\n"
    )


def git(*words):
    command = ["git", "-C", str(ROOT), *words]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.rstrip()
