"""Long soaks run with bin/test --long, and by themselves when their file is named.

bin/check, and with it CI, runs all. Without --long, what is marked `long` is left out,
and of what a test tries with many values it tries some: others in each test, and
others with another --order. So it is with tests that show one rule in many places, or
one subject from many sides, and share a word: `some("queries")`. Of the tests with a
browser, which take a quarter of the time, those marked `journey` stay, and a few of all
others. Of the folders with most tests, a half or a third is tried, unless a folder is
named.
"""

from zlib import crc32

import pytest

# Of what is tried without --long, one in so many.
ONE_IN = 8
ONE_IN_A_BROWSER = 24
_BROWSER = "tests/browser/"
# In a run of everything, of the folders with most tests. Of the desk, it is a third.
_FOLDERS = {
    "tests/branding/": 3,
    "tests/campaign_editor/": 3,
    "tests/comments/": 2,
    "tests/letters/": 2,
    "tests/staff/": 3,
    "tests/supporters/": 2,
    "tests/versions/": 3,
    "tests/volunteers/": 3,
}
_SHARES = {_BROWSER: ONE_IN_A_BROWSER, **_FOLDERS}
_is_long = False
_names_a_folder = False
_order = 0


def pytest_addoption(parser):
    parser.addoption(
        "--long",
        action="store_true",
        help="run the long soaks, too, and try all values",
    )


def pytest_configure(config):
    # Modules ask for them while they are loaded.
    global _is_long, _names_a_folder, _order  # noqa: PLW0603
    names_a_file = any(".py" in argument for argument in config.args)
    _is_long = config.option.long or names_a_file
    _names_a_folder = config.args != config.getini("testpaths")
    _order = config.option.order or 0
    config.addinivalue_line("markers", "long: a soak, which bin/test --long runs")
    config.addinivalue_line(
        "markers",
        "some(word): without --long, some of its parameters are tried, or some of the"
        " tests with this word",
    )
    config.addinivalue_line(
        "markers", "journey: what people come for, tried in a browser in each run"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if not _is_long:
        config.hook.pytest_deselected(items=leave_out(items))


def leave_out(items):
    """Take the soaks out of these tests, and most of those that are tried in part."""
    left_out = {item for item in items if item.get_closest_marker("long")}
    for name, tests in _tried_in_part(set(items) - left_out).items():
        left_out |= {*tests} - {*some(tests, name, _SHARES.get(name, ONE_IN))}
    items[:] = [item for item in items if item not in left_out]
    return [*left_out]


def _tried_in_part(items):
    """The tests of which some are enough, by what they have in common.

    Those marked `some` have their word, or their name without parameters; others have
    their folder.
    """
    found = {}
    for item in sorted(items, key=lambda item: item.nodeid):
        is_journey = item.get_closest_marker("journey")
        if item.nodeid.startswith(_BROWSER) and not is_journey:
            found.setdefault(_BROWSER, []).append(item)
        elif mark := item.get_closest_marker("some"):
            name = (*mark.args, item.nodeid.partition("[")[0])[0]
            found.setdefault(name, []).append(item)
        elif not _names_a_folder:
            for folder in _FOLDERS:
                if item.nodeid.startswith(folder):
                    found.setdefault(folder, []).append(item)
    return found


def pytest_terminal_summary(terminalreporter):
    if not _is_long:
        terminalreporter.write_line(
            f"No long soaks, one in {ONE_IN} of many values, one in {ONE_IN_A_BROWSER}"
            " of the tests with a browser, and a part of large folders that are not"
            " named: --long tries all."
        )


def examples(number):
    """How many examples a generator makes up, of this number with --long."""
    return number if _is_long else max(1, number // ONE_IN)


def some(values, place, one_in=ONE_IN):
    """All values with --long; else some, one at least.

    Which they are follows from the place and from --order, so that in time all are
    tried, and every process of a run takes the same.
    """
    values = list(values)
    if _is_long or not values:
        return values
    start = (crc32(repr(place).encode()) + _order) % one_in
    return values[start % len(values) :: one_in]
