"""A skipped test fails under CI, unless tests/skips.py excuses it."""

import pytest

from tests import skips


class Report:
    nodeid, outcome = "tests/test_a.py::test_b", "skipped"

    def __init__(self, reason):
        self.longrepr = "tests/test_a.py", 7, f"Skipped: {reason}"

    @property
    def skipped(self):
        return self.outcome == "skipped"


def test_a_skip_fails_under_ci_and_says_what_was_missing(monkeypatch):
    monkeypatch.setenv("CI", "true")

    report = skips.refused_under_ci(Report("there is no nginx on this machine"))

    assert report.outcome == "failed"
    assert "test_b was: there is no nginx on this machine." in report.longrepr


@pytest.mark.parametrize("excuse", skips.EXCUSED)
def test_few_reasons_are_excused(excuse, monkeypatch):
    monkeypatch.setenv("CI", "true")

    assert skips.refused_under_ci(Report(f"{excuse} this")).skipped


def test_elsewhere_a_test_may_be_skipped(monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    assert skips.refused_under_ci(Report("there is no nginx")).skipped
