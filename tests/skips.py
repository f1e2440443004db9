"""Under CI a skipped test fails: what its machine lacks would be tried nowhere else.

Elsewhere a test may be skipped where there is no nginx, Postfix or systemd.
"""

import os

import pytest

# Why CI may skip a test nevertheless: the beginning of its reason, and what excuses it.
EXCUSED = {
    "the site leaves out": "bin/test --without was asked for that",
    "not root": "Postfix starts for nobody else, and a CI may not give that",
    "another user may not read": "the folder is CI's own, and so are its rights",
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return refused_under_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return refused_under_ci((yield))


def refused_under_ci(report):
    """The same report, or a failure that says what is missing."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1].removeprefix("Skipped: ")
        if not reason.startswith(tuple(EXCUSED)):
            report.outcome = "failed"
            report.longrepr = (
                f"Under CI no test may be skipped, and {report.nodeid} was: {reason}."
                " Give CI what it lacks, or excuse it in tests/skips.py."
            )
    return report
