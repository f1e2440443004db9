"""Long soaks run with bin/test --long, and by themselves when their file is named.

bin/check, and with it CI, runs all. Without --long, what is marked `long` is left out,
and of what a test tries with very many values it tries some: others in each test.
"""

from zlib import crc32

import pytest

# Of what is tried without --long, one in so many.
ONE_IN = 4
_is_long = False


def pytest_addoption(parser):
    parser.addoption(
        "--long",
        action="store_true",
        help="run the long soaks, too, and try all values",
    )


def pytest_configure(config):
    global _is_long  # noqa: PLW0603  modules ask for it while they are loaded
    names_a_file = any(".py" in argument for argument in config.args)
    _is_long = config.option.long or names_a_file
    config.addinivalue_line("markers", "long: a soak, which bin/test --long runs")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if _is_long:
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


def examples(number):
    """How many examples a generator makes up, of this number with --long."""
    return number if _is_long else max(1, number // ONE_IN)


def some(values, place):
    """All values with --long; else some of them, others in each place."""
    if _is_long:
        return list(values)
    start = crc32(repr(place).encode()) % ONE_IN
    return list(values)[start::ONE_IN]
